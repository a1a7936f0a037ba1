/** The bundled tables (`ontologies/tables/*.tsv`): tab-separated, `#` comments for provenance, first line the column names. */
import fs from 'node:fs';
import { dataError } from '../src/core/errors.js';
import { packageFile } from '../src/core/paths.js';

export interface TableRow {
  line: number;
  cells: Record<string, string>;
}

/** Parses the text of a table. @throws data error with file and line when a row has the wrong number of cells */
export function parseTable(text: string, file: string): TableRow[] {
  const lines = text.split('\n').map((content, index) => ({ content, line: index + 1 }));
  const [head, ...body] = lines.filter(({ content }) => content.trim() && !content.startsWith('#'));
  if (!head) throw dataError(`${file}: the table is empty; reinstall medweave`);
  const columns = head.content.split('\t');
  return body.map(({ content, line }) => {
    const values = content.split('\t');
    if (values.length > columns.length) throw dataError(`${file}:${line}: expected at most ${columns.length} cells, got ${values.length}`);
    return { line, cells: Object.fromEntries(columns.map((column, i) => [column, values[i]?.trim() ?? ''])) };
  });
}

/** Reads a bundled table by its name without extension. */
export function readTable(name: string): TableRow[] {
  const file = packageFile('ontologies', 'tables', `${name}.tsv`);
  return parseTable(fs.readFileSync(file, 'utf8'), file);
}

/** Reads a bundled `node`, `title` table. */
export const readTitles = (name: string): Map<string, string> =>
  new Map(readTable(name).map(({ cells }) => [cells.node!, cells.title!]));

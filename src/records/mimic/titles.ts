/** Titles from the dictionaries d_icd_diagnoses and d_icd_procedures: the long title, else the short one; one a canonical code. */
import { createNormaliser } from '../../../ontologies/index.js';
import { appendRows, queryRows, type DuckDBConnection } from '../duckdb.js';
import { systemSql } from './raw-codes.js';

interface DictionaryRow {
  system: string | null;
  code: string | null;
  title: string | null;
  line: number;
}

/** Copies one dictionary into `titles`. Dictionaries have some 100,000 rows, so they pass through JavaScript. @returns rows kept and merged */
export async function loadTitlesOf(connection: DuckDBConnection, table: 'dx_titles' | 'px_titles', { file, versioned }: { file: string; versioned: boolean }): Promise<{ kept: number; merged: number }> {
  const kind = table === 'dx_titles' ? 'diagnoses' : 'procedures';
  const rows = await queryRows<DictionaryRow>(connection, `
    select ${systemSql(kind, versioned)} as system, code, coalesce(long_title, short_title) as title, line from ${table} order by line`);
  const normalise = createNormaliser();
  const titles = new Map<string, [system: string, code: string, title: string]>();
  const rejects: [line: number, reason: string][] = [];
  for (const { system: id, code: raw, title, line } of rows) {
    const code = id && raw ? normalise(id, raw) : null;
    if (!id || !code || !title) rejects.push([line, !id ? 'unknown ICD version' : !code ? `not a code of ${id}` : 'no title']);
    else if (!titles.has(`${id} ${code}`)) titles.set(`${id} ${code}`, [id, code, title]);
  }
  await appendRows(connection, 'titles', (append) => titles.forEach((row) => append(...row)));
  await appendRows(connection, 'rejects', (append) => rejects.forEach(([line, reason]) => append(file, line, reason)));
  return { kept: titles.size, merged: rows.length - rejects.length - titles.size };
}

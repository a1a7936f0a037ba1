/** Cells of CSV and TSV files with their columns' names. */
import { parse } from 'csv-parse/sync';
import type { Piece } from '../finding.js';
import { textPieces } from './text.js';

interface Row { record: string[]; info: { lines: number } }

/** Lines as they are where the file is no proper table. */
export function* tablePieces(content: string, delimiter: ',' | '\t'): Generator<Piece> {
  let rows: Row[];
  try {
    rows = parse(content, { delimiter, bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }) as unknown as Row[];
  } catch {
    yield* textPieces(content);
    return;
  }
  const header = rows[0]?.record ?? [];
  for (const { record, info } of rows) for (const [i, text] of record.entries()) yield { line: info.lines, text, field: header[i] };
}

/** Cells of Parquet files with their columns' names, a few rows at a time. */
import type { Piece } from '../finding.js';
import { queryRows, sqlName, sqlString, withDuckDB } from '../../records/store.js';

/** Stands for a column of token ids, which with the tokenizer beside it spell the notes. */
export const TOKEN_IDS = '\u0000token ids';

interface Column { column_name: string; column_type: string }

const ROWS = 2048;

export async function* parquetPieces(file: string): AsyncGenerator<Piece> {
  const table = `read_parquet(${sqlString(file)})`;
  const columns = await withDuckDB({}, (connection) => queryRows<Column>(connection, `describe select * from ${table}`));
  if (columns.some(({ column_name, column_type }) => column_name === 'tokens' && /INT.*\[\]/.test(column_type))) yield { line: 0, text: TOKEN_IDS, field: 'tokens' };
  const read = columns.filter(({ column_type }) => !/^(?:FLOAT|DOUBLE|BOOLEAN|BLOB)|INT\w*\[\]|FLOAT\[\]|DOUBLE\[\]/.test(column_type)).map(({ column_name }) => column_name);
  for (const name of columns.map(({ column_name }) => column_name)) yield { line: 0, text: name };
  const cells = read.map((name, i) => `${sqlName(name)}::varchar as c${i}`).join(', ');
  for (let from = 0; read.length; from += ROWS) {
    const rows = await withDuckDB({}, (connection) => queryRows<Record<string, string | null>>(connection, `select ${cells} from ${table} limit ${ROWS} offset ${from}`));
    for (const [r, row] of rows.entries()) for (const [i, field] of read.entries()) {
      const text = row[`c${i}`];
      if (typeof text === 'string') yield { line: from + r + 1, text, field };
    }
    if (rows.length < ROWS) return;
  }
}

/** Temporary DuckDB tables from rows made in JavaScript. */
import { BOOLEAN, DuckDBDataChunk, INTEGER, VARCHAR, type DuckDBValue } from '@duckdb/node-api';
import type { DuckDBConnection } from '../records/store.js';

const types = { VARCHAR, INTEGER, BOOLEAN };

/** DuckDB's vectors hold this many rows. */
const CHUNK_ROWS = 2048;

/** @param columns column name → type, in the order of the values of a row */
export async function createTable(
  connection: DuckDBConnection,
  name: string,
  columns: Record<string, keyof typeof types>,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const declared = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  await connection.run(`create temp table ${name} (${declared.join(', ')})`);
  const appender = await connection.createAppender(name);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(Object.values(columns).map((type) => types[type]));
    chunk.setRows(rows.slice(start, start + CHUNK_ROWS));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

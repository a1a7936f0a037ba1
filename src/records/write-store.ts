/** Staging tables → the Parquet files of a store, in a fixed order, so that equal inputs give equal tables. */
import fs from 'node:fs';
import path from 'node:path';
import type { Coverage } from './coverage.js';
import { sqlString, type DuckDBConnection } from './duckdb.js';
import { storeTables, type StoreTable } from './store.js';

const order: Record<StoreTable, string> = {
  visits: 'visit_id',
  codes: 'visit_id, kind, position',
  notes: 'visit_id',
  titles: 'system, code',
  evidence: 'visit_id, kind, "start", "end", code',
  rejects: 'file, line, reason',
};

/** Notes are long: at DuckDB's usual 122,880 rows a group would hold a gigabyte. */
const rowGroupSize: Partial<Record<StoreTable, number>> = { notes: 4096 };

export async function writeStore(connection: DuckDBConnection, dir: string, coverage: Coverage): Promise<void> {
  for (const table of storeTables) {
    const file = sqlString(path.join(dir, `${table}.parquet`));
    const groups = rowGroupSize[table] ? `, row_group_size ${rowGroupSize[table]}` : '';
    await connection.run(`copy (select * from ${table} order by ${order[table]}) to ${file} (format parquet, compression zstd${groups})`);
  }
  fs.writeFileSync(path.join(dir, 'coverage.json'), `${JSON.stringify(coverage, null, 2)}\n`);
}

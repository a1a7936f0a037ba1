/** Ingests and compares stores, table by table. */
import path from 'node:path';
import { silentLogger } from '../../../src/core/log.js';
import { ingestSchema } from '../../../src/records/config.js';
import { ingest, type IngestResult } from '../../../src/records/ingest.js';
import { openStore, queryRows, sqlString, withDuckDB, type StoreTable } from '../../../src/records/store.js';
import { synthesise } from '../../../src/synth/synthesise.js';
import { mimic4 } from '../../../src/synth/formats/mimic4.js';
import { temporaryDir } from '../raw.js';

export type Row = Record<string, unknown>;

export interface Ingested extends IngestResult {
  out: string;
  rows: (table: StoreTable, select?: string) => Promise<Row[]>;
}

export async function ingestFrom(source: string, raw: string, config: Row = {}): Promise<Ingested> {
  const out = path.join(temporaryDir(), 'store');
  const result = await ingest({ config: ingestSchema.parse({ source, raw, ...config }), out, log: silentLogger() });
  const rows = (table: StoreTable, select = '*'): Promise<Row[]> =>
    withDuckDB({}, (connection) => queryRows(connection, `select ${select} from ${sqlString(openStore(out).files[table])}`));
  return { ...result, out, rows };
}

/** A synthetic MIMIC-IV. */
export async function syntheticMimic(patients: number): Promise<string> {
  const out = path.join(temporaryDir(), 'raw');
  await synthesise(out, { format: mimic4, patients, seed: 5, gzip: false, noteWords: 60, listMedications: false, ceiling: false });
  return out;
}

/** How often each code is in a store, whichever its visits are called. */
export const codeCounts = ({ out }: Ingested): Promise<Row[]> =>
  withDuckDB({}, (connection) => queryRows(connection, `select kind, system, code, count(*) as rows from ${sqlString(openStore(out).files.codes)} group by all order by all`));

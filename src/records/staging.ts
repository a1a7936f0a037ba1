/** The staging database: the working tables that every source fills and that become the store. */
import type { Logger } from '../core/log.js';
import type { Notices } from '../core/notices.js';
import type { IngestConfig } from './config.js';
import type { Coverage } from './coverage.js';
import type { FlowSpec } from './flow.js';
import { queryNumber, sqlString, type DuckDBConnection } from './duckdb.js';

/** What a source gets to work with. */
export interface Ingest {
  connection: DuckDBConnection;
  /** For files that are gone when the store is written. */
  workDir: string;
  config: IngestConfig;
  coverage: Coverage;
  log: Logger;
  signal: AbortSignal;
}

/** A kind of raw data: which files it reads, and how they become staging tables. */
export interface Source {
  /** The raw files or folders that decide whether a store is up to date. @throws data error when a required one is missing */
  inputs(config: IngestConfig): string[];
  /** What the data's owners ask; where nobody can know, {@link ownNotices}. `ingest.licence` of the configuration overrides it. */
  notices(config: IngestConfig): Notices;
  /** The steps of the cohort flow that make sense for the source. */
  flow: FlowSpec;
  /** Fills `visits`, `raw_codes`, `notes`, `titles`, `evidence`, `rejects`, and the coverage of every file. */
  load(ingest: Ingest): Promise<void>;
}

/**
 * `raw_codes` holds one row a record of a raw file that states a code; codes.ts turns it into `codes`. `raw_drugs`, a view or table with one row
 * a prescription (`file`, `line`, `visit_id`; `drug`, `label`, `ndc`, `rxcui`, `atc`, `route`: see DrugQuery of ontologies/medications; `start_at`); medications.ts turns
 * it into `codes` of kind rx.
 */
const tables = `
  create table visits (visit_id varchar, patient_id varchar, admitted_at timestamp, discharged_at timestamp, died_in_hospital boolean,
    admission_type varchar, discharge_location varchar, age integer, sex varchar, source_split varchar);
  create table raw_codes (file varchar, line bigint, visit_id varchar, kind varchar, system varchar, raw varchar, seq bigint);
  create table codes (visit_id varchar, kind varchar, system varchar, code varchar, position integer);
  create table notes (visit_id varchar, kind varchar, charted_at timestamp, text varchar);
  create table titles (system varchar, code varchar, title varchar);
  create table evidence (visit_id varchar, kind varchar, system varchar, code varchar, "start" integer, "end" integer, fragments varchar, text varchar);
  create table rejects (file varchar, line bigint, reason varchar);`;

export async function createStagingTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(tables);
}

export const countRejects = (connection: DuckDBConnection, file: string): Promise<number> =>
  queryNumber(connection, `select count(*) from rejects where file = ${sqlString(file)}`);

/** Runs one stage of the work and logs how long it took. */
export async function timed<Result>(log: Logger, stage: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  log.info(`${stage}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

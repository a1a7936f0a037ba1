/** Raw tables → store: stages one source in a bounded DuckDB database on disk, checks that every record is accounted for, writes the store. */
import fs from 'node:fs';
import path from 'node:path';
import { isCodeSystemId } from '../../ontologies/index.js';
import { writeArtifact, type Manifest } from '../core/artifact.js';
import type { Logger } from '../core/log.js';
import { codeCoverage } from './codes.js';
import { codiesp } from './codiesp/source.js';
import type { IngestConfig, SourceName } from './config.js';
import { createCoverage, unaccountedFiles, type CodeCoverage, type Coverage } from './coverage.js';
import { queryNumber, queryRows, sqlString, withDuckDB, type DuckDBConnection, type DuckDBOptions } from './duckdb.js';
import { cohortFlow } from './flow.js';
import { configuredNotices } from './licence.js';
import { meds } from './meds/source.js';
import { mimic3Edition } from './mimic/mimic3.js';
import { mimic4Edition } from './mimic/mimic4.js';
import { mimicSource } from './mimic/source.js';
import { omop } from './omop/source.js';
import { createStagingTables, timed, type Ingest, type Source } from './staging.js';
import { openStore } from './store.js';
import { writeStore } from './write-store.js';

const sources: Record<SourceName, () => Source> = {
  mimic3: () => mimicSource(mimic3Edition),
  mimic4: () => mimicSource(mimic4Edition),
  codiesp: () => codiesp,
  meds: () => meds,
  omop: () => omop,
};

export interface IngestRequest {
  config: IngestConfig;
  out: string;
  force?: boolean;
  log: Logger;
  signal?: AbortSignal;
}

export interface IngestResult {
  /** False when `out` already held this store. */
  done: boolean;
  manifest: Manifest;
  coverage: Coverage;
}

/**
 * Writes a store.
 * @throws data error when a table is missing or damaged; nothing is written then
 */
export async function ingest({ config, out, force, log, signal = new AbortController().signal }: IngestRequest): Promise<IngestResult> {
  const source = sources[config.source]();
  const inputs = [...source.inputs(config), ...config.drug_tables, ...(config.rxnorm ? [config.rxnorm] : [])];
  const { done, manifest } = await writeArtifact({ command: 'ingest', out, config, inputs, force }, async (dir) => {
    await stageAndWrite(source, { config, log, signal, dir });
    return configuredNotices(source.notices(config), config.licence);
  });
  return { done, manifest, coverage: openStore(out).coverage };
}

type StagingOptions = Pick<Ingest, 'config' | 'log' | 'signal'> & { dir: string };

async function stageAndWrite(source: Source, { config, log, signal, dir }: StagingOptions): Promise<void> {
  const work = path.join(dir, 'staging');
  fs.mkdirSync(work);
  const session: DuckDBOptions = {
    file: path.join(work, 'staging.duckdb'), memoryLimit: config.memory_limit, threads: config.threads, temporaryDir: path.join(work, 'spill'), signal,
  };
  await withDuckDB(session, async (connection) => {
    await createStagingTables(connection);
    const coverage = createCoverage(config.source);
    const staging: Ingest = { connection, workDir: work, config, coverage, log, signal };
    await source.load(staging);
    signal.throwIfAborted();
    await timed(log, 'coverage', () => completeCoverage(staging, source));
    await timed(log, 'writing the store', () => writeStore(connection, dir, coverage));
  });
  fs.rmSync(work, { recursive: true });
}

async function completeCoverage({ connection, config, coverage, log }: Ingest, { flow }: Source): Promise<void> {
  const lost = unaccountedFiles(coverage.files);
  if (lost.length) throw new Error(`records are not all accounted for in ${lost.map(({ file }) => file).join(', ')}: a fault of medweave, please report it`);
  await nameFilesFromRaw(connection, config, coverage);
  coverage.flow = await cohortFlow(connection, flow);
  coverage.codes = await codeCoverage(connection);
  coverage.notes.visits_with_note = await queryNumber(connection, 'select count(*) from notes');
  coverage.notices.push(...coverage.codes.filter(({ unknown_rows }) => unknown_rows > 0).map(codeNotice));
  for (const notice of coverage.notices) log.warn(notice);
}

const codeNotice = ({ kind, system, unknown_rows, unknown_distinct }: CodeCoverage): string =>
  isCodeSystemId(system)
    ? `${system}: no table knows even a prefix of ${unknown_distinct} codes (${unknown_rows} rows); are they codes of this system?`
    : `${system}: there are no tables of this code system; ${unknown_distinct} ${kind} codes (${unknown_rows} rows) are kept as written, their hierarchy is their prefixes`;

/** Files are named from the raw directory on, so that the tables do not depend on where it lies. */
async function nameFilesFromRaw(connection: DuckDBConnection, { raw }: IngestConfig, coverage: Coverage): Promise<void> {
  const shortest = (file: string): string => raw.map((dir) => path.relative(dir, file)).sort((a, b) => a.length - b.length)[0]!;
  for (const entry of coverage.files) entry.file = shortest(entry.file);
  const rejected = await queryRows<{ file: string }>(connection, 'select distinct file from rejects');
  for (const { file } of rejected) await connection.run(`update rejects set file = ${sqlString(shortest(file))} where file = ${sqlString(file)}`);
}

/** From a store to a data directory: cohort, split, vocabularies, tokens. Everything that is fitted sees training patients only. */
import fs from 'node:fs';
import path from 'node:path';
import { writeArtifact, type Manifest } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { openStore, sqlString, withDuckDB, type DuckDBConnection, type Store } from '../records/store.js';
import { createCodeIdTable, createCodeTable, fitVocabularyOnTraining } from './codes.js';
import { selectCohort } from './cohort.js';
import { codeKinds, type PrepareConfig, type SplitConfig } from './config.js';
import { describeFitting } from './fitted-on.js';
import { readExtraCodes } from './extra-codes.js';
import { describeFlow, type Flow } from './flow.js';
import { encodeNotes, writeTokenizer, type NotesContext } from './notes.js';
import { placeVisits } from './place.js';
import { listFiles } from './split-lists.js';
import { findTokenizer } from './text/source.js';
import { writeVisits } from './visits-table.js';

export interface PrepareRequest {
  store: string;
  out: string;
  config: PrepareConfig;
  log: Logger;
  signal: AbortSignal;
  force?: boolean;
}

export interface PrepareResult {
  /** False when `out` already held the result of the same request. */
  done: boolean;
  manifest: Manifest;
  flow: Flow;
}

const writeJson = (file: string, value: unknown): void => fs.writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);

/** Every code of every visit at the configured granularity, in the vocabulary or not: what evaluation counts against. */
async function writeGold(connection: DuckDBConnection, file: string): Promise<void> {
  await connection.run(`copy (
    select visit_id, kind, system, code from code join placed using (ordinal) order by ordinal, kind, position, system, code
  ) to ${sqlString(file)} (format parquet, compression lz4_raw)`);
}

const describeOverlap = ({ by, on_overlap }: SplitConfig): string => (by === 'visit' ? 'prepare.split.by: visit' : `published ones, prepare.split.on_overlap: ${on_overlap}`);

/** The steps in order; each leaves a temporary table or a file for the next. */
async function writeData(context: NotesContext): Promise<Partial<Manifest>> {
  const { connection, store, config, out, log } = context;
  const file = (name: string): string => path.join(out, name);
  const steps = await selectCohort(connection, store, config);
  if (!steps.at(-1)!.visits) throw dataError(`${store.dir}: no visit is left after the cohort rules (${steps.map(({ step, visits }) => `${step}: ${visits}`).join(', ')}); relax prepare.cohort`);
  const { manifest: split, assignment } = await placeVisits(connection, config.split);
  if (assignment.overlappingPatients) log.warn(`${assignment.overlappingPatients} patients are in several splits (${describeOverlap(config.split)})`);
  writeJson(file('split.json'), split);

  await createCodeTable(connection, config.codes);
  const vocabulary = await fitVocabularyOnTraining(connection, store, { config: config.codes, extra: await readExtraCodes(config.codes) });
  writeJson(file('vocab.json'), vocabulary);
  await createCodeIdTable(connection, vocabulary);
  await writeGold(connection, file('gold.parquet'));

  const tokenizer = await writeTokenizer(context);
  const tokens = await encodeNotes(context, tokenizer);
  const totals = await writeVisits(connection, tokens, file('visits.parquet')).finally(() => tokens.close());
  writeJson(file('flow.json'), await describeFlow(connection, steps, assignment, config.split));
  const vocabularies = Object.fromEntries(codeKinds.map((kind) => [kind, vocabulary.kinds[kind].length]));
  const fitted_on = await describeFitting(connection, context.tokenizerJson === undefined ? 'learnt' : 'given');
  return { split_id: split.split_id, fitted_on, totals, vocabularies: { ...vocabularies, word_pieces: tokenizer.size } };
}

/** DuckDB spills beside the directory being written, so that the spill shares its disk and goes with it. */
async function writeWithDuckDB(request: PrepareRequest, store: Store, out: string, tokenizerJson?: string): Promise<Partial<Manifest>> {
  const { config, log, signal } = request;
  const spill = path.join(out, 'spill');
  const written = await withDuckDB({ memoryLimit: config.memory_limit, temporaryDir: spill }, (connection) => writeData({ connection, store, config, tokenizerJson, out, log, signal }));
  fs.rmSync(spill, { recursive: true, force: true });
  return written;
}

/** `medweave prepare`. @throws data and configuration errors; nothing is left half-written */
export async function prepare(request: PrepareRequest): Promise<PrepareResult> {
  const { config, out, log, force } = request;
  const store = openStore(request.store);
  const { from } = config.tokenizer;
  const tokenizer = from === undefined ? undefined : await findTokenizer(from, { log });
  const inputs = [request.store, ...(tokenizer?.files ?? []), ...config.codes.extra.map(({ file }) => file), ...(config.split.by === 'list' ? listFiles(config.split.lists) : [])];
  const artifact = { command: 'prepare', out, config, inputs, seed: config.split.seed, force };
  const { done, manifest } = await writeArtifact(artifact, (dir) => writeWithDuckDB(request, store, dir, tokenizer?.json));
  const flow = JSON.parse(fs.readFileSync(path.join(out, 'flow.json'), 'utf8')) as Flow;
  return { done, manifest, flow };
}

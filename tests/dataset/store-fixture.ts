/** A small store written straight through DuckDB, in the format of docs/architecture.md. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { silentLogger } from '../../src/core/log.js';
import { prepareSchema } from '../../src/dataset/config.js';
import { prepare, type PrepareResult } from '../../src/dataset/prepare.js';
import { sqlString, withDuckDB } from '../../src/records/store.js';

export interface FixtureVisit {
  visit: string;
  patient: string;
  admitted?: string;
  discharged?: string;
  died?: boolean;
  type?: string;
  split?: 'train' | 'dev' | 'test' | 'background';
  text?: string;
  charted?: string;
  /** `system code` in position order. */
  dx?: string[];
  rx?: string[];
  px?: string[];
}

export const temporaryDirectory = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-dataset-'));

const text = (value: string | undefined): string => (value === undefined ? 'NULL' : sqlString(value));
const tableOf = (columns: string, rows: string[]): string =>
  rows.length ? `select * from (values ${rows.join(', ')}) t(${columns})` : `select ${columns.split(', ').map((name) => `NULL::VARCHAR as ${name}`).join(', ')} where false`;

/** Writes the store's tables and manifest. */
export async function writeStore(dir: string, visits: readonly FixtureVisit[], titles: [system: string, code: string, title: string][] = []): Promise<void> {
  fs.mkdirSync(dir, { recursive: true });
  const visitRows = visits.map((v) => `(${text(v.visit)}, ${text(v.patient)}, ${text(v.admitted)}::TIMESTAMP, ${text(v.discharged)}::TIMESTAMP, ${v.died ?? 'NULL'}::BOOLEAN, ${text(v.type)}, ${text(v.split)})`);
  const codeRows = visits.flatMap((v) =>
    (['dx', 'rx', 'px'] as const).flatMap((kind) => (v[kind] ?? []).map((code, i) => `(${text(v.visit)}, '${kind}', ${text(code.split(' ')[0])}, ${text(code.split(' ')[1])}, ${i + 1})`)),
  );
  const noteRows = visits.filter((v) => v.text !== undefined).map((v) => `(${text(v.visit)}, ${text(v.text)}, ${text(v.charted)}::TIMESTAMP)`);
  const titleRows = titles.map((title) => `(${title.map(text).join(', ')})`);
  await withDuckDB({}, async (connection) => {
    const copy = (name: string, sql: string) => connection.run(`copy (${sql}) to ${sqlString(path.join(dir, `${name}.parquet`))} (format parquet)`);
    await copy('visits', `select *, NULL::VARCHAR as discharge_location, NULL::INTEGER as age, NULL::VARCHAR as sex from (${tableOf('visit_id, patient_id, admitted_at, discharged_at, died_in_hospital, admission_type, source_split', visitRows)})`);
    await copy('codes', tableOf('visit_id, kind, system, code, position', codeRows));
    await copy('notes', tableOf('visit_id, text, charted_at', noteRows));
    await copy('titles', tableOf('system, code, title', titleRows));
    await copy('evidence', tableOf('visit_id, text', []));
    await copy('rejects', tableOf('file, reason', []));
  });
  fs.writeFileSync(path.join(dir, 'coverage.json'), '{}');
  const manifest = { command: 'ingest', version: '0', created_at: '2026-01-01', config: {}, inputs: {}, licence_notice: 'made up' };
  fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
}

/** Writes a store and prepares it. `config` is the raw slice `prepare`. */
export async function prepareStore(dir: string, visits: readonly FixtureVisit[], config: unknown = {}): Promise<PrepareResult & { out: string }> {
  const store = path.join(dir, 'store');
  const out = path.join(dir, 'data');
  await writeStore(store, visits);
  return { ...(await prepareAgain(store, out, config)), out };
}

export const prepareAgain = (store: string, out: string, config: unknown = {}): Promise<PrepareResult> =>
  prepare({ store, out, config: prepareSchema.parse(config), log: silentLogger(), signal: new AbortController().signal });

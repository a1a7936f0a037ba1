/** A small clean data set, and ways to plant a leak in a copy of it. */
import fs from 'node:fs';
import path from 'node:path';
import { canonicalJson, sha256 } from '../../src/core/artifact.js';
import { openDataset, type Dataset } from '../../src/dataset/index.js';
import { sqlString, withDuckDB } from '../../src/records/store.js';
import type { TaskDeclaration } from '../../src/leaks/index.js';
import { prepareStore, type FixtureVisit } from '../dataset/store-fixture.js';

const words = ['fever', 'cough', 'pain', 'rash', 'sugar', 'heart', 'lung', 'knee'];
/** Twenty words, different for each visit. */
const noteOf = (n: number): string => Array.from({ length: 20 }, (_, i) => words[((n + 3) * (i + 1) ** 2) % 8]! + (i === n % 20 ? ` ${n}` : '')).join(' ');

/** 24 patients of three visits, a month apart, each of five days, with notes charted at discharge. */
export const cleanVisits: FixtureVisit[] = Array.from({ length: 72 }, (_, n) => {
  const [patient, month] = [Math.floor(n / 3), (n % 3) + 1];
  return {
    visit: `v${n}`,
    patient: `p${patient}`,
    admitted: `2150-0${month}-01 08:00:00`,
    discharged: `2150-0${month}-06 12:00:00`,
    charted: `2150-0${month}-06 12:00:00`,
    text: noteOf(n),
    dx: [`icd9cm ${['401.9', '250.00', '428.0'][n % 3]}`],
    rx: [`atc ${['N02BE01', 'C03CA01'][n % 2]}`],
  };
});

export const prepareClean = async (dir: string, visits: readonly FixtureVisit[] = cleanVisits, config: object = {}): Promise<Dataset> => {
  const { out } = await prepareStore(dir, visits, { tokenizer: { min_frequency: 1 }, ...config });
  return openDataset(out);
};

/** A copy of a data directory, changed. */
export async function tampered(dir: string, to: string, change: (to: string) => Promise<void> | void): Promise<Dataset> {
  fs.cpSync(dir, to, { recursive: true });
  await change(to);
  return openDataset(to);
}

/** Writes visits.parquet again with the columns replaced as in DuckDB's `replace`. */
export async function replaceColumns(dir: string, replacement: string): Promise<void> {
  const file = path.join(dir, 'visits.parquet');
  const next = `${file}.next`;
  await withDuckDB({}, (connection) => connection.run(`copy (select * replace (${replacement}) from ${sqlString(file)}) to ${sqlString(next)} (format parquet, compression lz4_raw)`));
  fs.renameSync(next, file);
}

export function editJson<Content>(file: string, edit: (content: Content) => void): void {
  const content = JSON.parse(fs.readFileSync(file, 'utf8')) as Content;
  edit(content);
  fs.writeFileSync(file, JSON.stringify(content));
}

/** A finished run, as far as the linter reads it. */
export function writeRun(dir: string, manifest: { command: string; inputs: string[]; split_id?: string }, dataset?: Dataset): string {
  fs.mkdirSync(dir, { recursive: true });
  const inputs = Object.fromEntries(manifest.inputs.map((input) => [path.resolve(input), sha256(canonicalJson(input))]));
  fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ version: '0', created_at: '2026-01-01', config: {}, ...manifest, inputs }));
  if (dataset) for (const name of ['vocab.json', 'tokenizer.json']) fs.copyFileSync(path.join(dataset.dir, name), path.join(dir, name));
  return dir;
}

export const coding: TaskDeclaration = {
  task: 'icd-coding',
  predictionTime: 'after-coding',
  label: { kinds: ['dx'], visit: 'same' },
  inputs: [{ modality: 'text', visit: 'same' }, { modality: 'rx', visit: 'same' }],
  allow: [],
};

export const readmission: TaskDeclaration = {
  task: 'readmission',
  predictionTime: 'discharge',
  label: { kinds: ['next-admission'], visit: 'same' },
  inputs: [{ modality: 'text', visit: 'same' }, { modality: 'dx', visit: 'same' }],
  allow: [],
};

export const medication: TaskDeclaration = {
  task: 'medication',
  predictionTime: 'admission',
  label: { kinds: ['rx'], visit: 'same' },
  inputs: [{ modality: 'text', visit: 'past' }, { modality: 'rx', visit: 'past' }, { modality: 'dx', visit: 'same' }],
  allow: [],
};

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { ingestSchema } from '../../src/records/config.js';
import { unaccountedFiles } from '../../src/records/coverage.js';
import { ingest, type IngestResult } from '../../src/records/ingest.js';
import { openStore, queryRows, sqlString, withDuckDB, type StoreTable } from '../../src/records/store.js';
import { mimic3Files, mimic4Files, temporaryDir, trickyText, writeFiles, type Tables } from './raw.js';

type Source = 'mimic3' | 'mimic4';
type Row = Record<string, unknown>;

interface Ingested extends IngestResult {
  out: string;
  rows: (table: StoreTable, select?: string) => Promise<Row[]>;
}

async function run(source: Source, files: Tables, config: Row = {}): Promise<Ingested> {
  const raw = writeFiles(temporaryDir(), files);
  const out = path.join(temporaryDir(), 'store');
  const result = await ingest({ config: ingestSchema.parse({ source, raw, ...config }), out, log: silentLogger() });
  const rows = (table: StoreTable, select = '*'): Promise<Row[]> =>
    withDuckDB({}, (connection) => queryRows(connection, `select ${select} from ${sqlString(openStore(out).files[table])}`));
  return { ...result, out, rows };
}

const without = (files: Tables, ...names: string[]): Tables => Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));
const fileCounts = ({ coverage }: IngestResult, file: string) => coverage.files.find((entry) => entry.file === file);

describe('ingest --source mimic4', () => {
  it('makes visits with ages, deaths and times', async () => {
    const { rows } = await run('mimic4', mimic4Files());
    expect(await rows('visits', "visit_id, patient_id, strftime(admitted_at, '%Y-%m-%d') as day, died_in_hospital as died, age, sex")).toEqual([
      { visit_id: '101', patient_id: '1', day: '2150-03-01', died: false, age: 60, sex: 'F' },
      { visit_id: '102', patient_id: '1', day: '2152-03-01', died: false, age: 62, sex: 'F' },
      { visit_id: '103', patient_id: '2', day: '2141-03-01', died: true, age: 90, sex: 'M' },
    ]);
  });

  it('keeps ICD versions apart, leading zeros, and each code once at its first position', async () => {
    const { rows } = await run('mimic4', mimic4Files());
    expect((await rows('codes', "visit_id || ' ' || kind || ' ' || system || ' ' || code || ' ' || position as c")).map(({ c }) => c)).toEqual([
      '101 dx icd9cm 003.1 1', '101 dx icd9cm 250.00 2', '101 px icd9proc 00.66 1', '101 rx atc C07AB02 1', '101 rx atc C03CA01 2',
      '102 dx icd10cm E11.9 1', '103 dx icd10cm E10.10 1', '103 dx icd9cm E878.1 2', '103 px icd10pcs 0DTJ4ZZ 1',
    ]);
  });

  it('takes the last discharge summary of an admission, with its text as it is', async () => {
    const { rows } = await run('mimic4', mimic4Files());
    expect(await rows('notes', 'visit_id, kind, text')).toEqual([
      { visit_id: '101', kind: 'discharge', text: 'The last version,\non two lines.' },
      { visit_id: '103', kind: 'discharge', text: trickyText },
    ]);
  });

  it('accounts for every record', async () => {
    const result = await run('mimic4', mimic4Files());
    const { coverage, rows } = result;
    expect(unaccountedFiles(coverage.files)).toEqual([]);
    expect(fileCounts(result, 'hosp/diagnoses_icd.csv')).toMatchObject({ records: 7, kept: 5, merged: 1, rejected: 1 });
    expect(fileCounts(result, 'hosp/patients.csv')).toMatchObject({ records: 3, kept: 2, set_aside: { without_admission: 1 } });
    expect(fileCounts(result, 'hosp/prescriptions.csv.gz')).toMatchObject({ records: 7, kept: 3, rejected: 1, set_aside: { container: 1, unmapped: 1, unnamed: 1 } });
    expect(fileCounts(result, 'note/discharge.csv.gz')).toMatchObject({ records: 5, kept: 2, rejected: 1, set_aside: { superseded: 1, not_a_discharge_summary: 1 } });
    expect(await rows('rejects')).toEqual([
      { file: 'hosp/diagnoses_icd.csv', line: 8, reason: 'not a code of icd10cm' },
      { file: 'hosp/prescriptions.csv.gz', line: 8, reason: 'no such visit' },
      { file: 'note/discharge.csv.gz', line: 10, reason: 'no visit id' },
    ]);
    expect(coverage.drugs).toMatchObject({ named_rows: 5, mapped_rows: 3, mapped_share: 0.75, by_source: { builtin: 3 } });
    expect(coverage.drugs!.unmapped).toEqual({ rows: 1, distinct: 1, most_frequent: [{ name: 'zzyzx elixir', rows: 1 }] });
    expect(coverage.quirks).toEqual({ death_after_discharge: 1 });
    expect(coverage.flow.map(({ step, visits, patients }) => [step, visits, patients])).toEqual([
      ['admissions', 3, 2], ['with a diagnosis', 3, 2], ['with a mapped medication', 1, 1], ['with a note', 1, 1],
      ['of patients with two or more such visits', 0, 0],
    ]);
  });

  it('goes without optional tables and says so', async () => {
    const { coverage, rows } = await run('mimic4', without(mimic4Files(), 'note/discharge.csv.gz', 'hosp/procedures_icd.csv', 'hosp/prescriptions.csv.gz'));
    expect(coverage.notices.map((notice) => notice.split(':')[0])).toEqual(['procedures_icd', 'prescriptions', 'd_icd_diagnoses', 'd_icd_procedures', 'discharge']);
    expect(coverage.flow.map(({ step }) => step)).toEqual(['admissions', 'with a diagnosis', 'of patients with two or more such visits']);
    expect(await rows('notes')).toEqual([]);
  });

  it('rejects broken records of the notes file, up to a limit', async () => {
    const name = 'note/discharge.csv.gz';
    const broken = (count: number): Tables => ({ ...mimic4Files(), [name]: `${String(mimic4Files()[name])}1-DS-9,1,102,DS,9,2150-03-05,2150-03-05,\n${'too,short\n'.repeat(count)}` });
    const { rows } = await run('mimic4', broken(2));
    expect((await rows('rejects')).filter(({ file }) => file === name).map(({ line, reason }) => [line, reason])).toEqual([
      [10, 'no visit id'], [11, 'no text'], [12, 'too few columns'], [13, 'too few columns']]);
    await expect(run('mimic4', broken(20))).rejects.toThrow(/21 of 26 records are malformed, the first on line 11/);
  });

  it('lets the user\'s table of drugs win', async () => {
    const table = path.join(writeFiles(temporaryDir(), { 'drugs.csv': 'name,atc\nZzyzx Elixir,A02BC01\n' }), 'drugs.csv');
    const { coverage } = await run('mimic4', mimic4Files(), { drug_tables: [table] });
    expect(coverage.drugs).toMatchObject({ mapped_share: 1, by_source: { builtin: 3, table: 1 } });
  });

  it('says which files are not what SHA256SUMS.txt published', async () => {
    const files = mimic4Files();
    const sum = (name: string): string => `${createHash('sha256').update(files[name]!).digest('hex')}  ${name}`;
    const sums = [sum('hosp/admissions.csv'), sum('hosp/patients.csv').replace(/^./, (c) => (c === '0' ? '1' : '0'))].join('\n');
    const { coverage } = await run('mimic4', { ...files, 'SHA256SUMS.txt': sums });
    expect(coverage.notices.filter((notice) => notice.includes('SHA256SUMS'))).toEqual([expect.stringMatching(/^patients\.csv: differs/)]);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const config = ingestSchema.parse({ source: 'mimic4', raw: writeFiles(temporaryDir(), mimic4Files()) });
    const parent = temporaryDir();
    const stop = new AbortController();
    const running = ingest({ config, out: path.join(parent, 's'), log: silentLogger(), signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(fs.readdirSync(parent)).toEqual([]);
  });

  it('writes equal tables for equal inputs, and nothing when nothing changed', async () => {
    const config = ingestSchema.parse({ source: 'mimic4', raw: writeFiles(temporaryDir(), mimic4Files()) });
    const [a, b] = [path.join(temporaryDir(), 's'), path.join(temporaryDir(), 's')];
    await ingest({ config, out: a, log: silentLogger() });
    await ingest({ config, out: b, log: silentLogger() });
    for (const file of fs.readdirSync(a).filter((name) => name !== 'manifest.json')) {
      expect(fs.readFileSync(path.join(a, file)).equals(fs.readFileSync(path.join(b, file))), file).toBe(true);
    }
    expect((await ingest({ config, out: a, log: silentLogger() })).done).toBe(false);
    expect(fs.readdirSync(a).sort()).toEqual(['codes.parquet', 'coverage.json', 'evidence.parquet', 'manifest.json', 'notes.parquet', 'rejects.parquet', 'titles.parquet', 'visits.parquet']);
  });
});

describe('ingest --source mimic3', () => {
  it('reads upper-case tables: ages, the hidden ones too, codes, titles, and the last report that is no error', async () => {
    const { rows, coverage } = await run('mimic3', mimic3Files());
    expect(await rows('visits', 'visit_id, age, died_in_hospital as died')).toEqual([
      { visit_id: '11', age: 59, died: false }, { visit_id: '12', age: 60, died: false }, { visit_id: '13', age: 90, died: true }]);
    expect((await rows('codes', "visit_id || ' ' || system || ' ' || code as c")).map(({ c }) => c)).toEqual([
      '11 icd9cm 401.9', '11 icd9proc 96.04', '11 atc C03CA01', '12 icd9cm V45.81', '12 icd9proc 00.66', '13 icd9cm 008.45']);
    expect(await rows('notes', "visit_id, strftime(charted_at, '%Y-%m-%d') as day, text")).toEqual([{ visit_id: '11', day: '2150-06-21', text: 'Second.' }]);
    expect(await rows('titles')).toEqual([{ system: 'icd9cm', code: '401.9', title: 'Unspecified essential hypertension' }]);
    expect((await rows('rejects')).map(({ line, reason }) => [line, reason])).toEqual([[4, 'no code'], [3, 'not a code of icd9cm']]);
    expect(coverage.quirks).toEqual({ discharge_before_admission: 1, death_before_admission: 1 });
  });

  it('takes the demo: lower-case headers and a NOTEEVENTS without notes', async () => {
    const files = mimic3Files();
    const lower = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, String(content).replace(/^.*\n/, (header) => header.toLowerCase().replaceAll('"', ''))]));
    lower['NOTEEVENTS.csv'] = lower['NOTEEVENTS.csv']!.split('\n')[0]!;
    const { coverage } = await run('mimic3', lower);
    expect(coverage.notes.visits_with_note).toBe(0);
    expect(coverage.notices).toContain('noteevents: the file has a header and no notes');
    expect(coverage.flow[0]).toEqual({ step: 'admissions', visits: 3, patients: 2 });
  });
});

describe('damaged and missing input', () => {
  const cases: [what: string, files: Tables, message: RegExp][] = [
    ['a missing table', without(mimic4Files(), 'hosp/diagnoses_icd.csv'), /no diagnoses_icd\.csv or diagnoses_icd\.csv\.gz/],
    ['a table that is there twice', { ...mimic4Files(), 'hosp/ADMISSIONS.csv.gz': 'x' }, /two files for the table admissions/],
    ['a missing column', { ...mimic4Files(), 'hosp/admissions.csv': 'subject_id,hadm_id,admittime\n1,2,\n' }, /admissions\.csv line 1: missing column dischtime/],
    ['an empty notes file', { ...mimic4Files(), 'note/discharge.csv.gz': '' }, /discharge\.csv\.gz: the file is empty/],
    ['notes of invalid UTF-8', { ...mimic4Files(), 'note/discharge.csv.gz': Buffer.from('note_id,hadm_id,note_type,note_seq,charttime,text\n1,101,DS,1,,"caf\xe9"\n', 'latin1') }, /line 2: not valid UTF-8/],
    ['an open quote in the notes', { ...mimic4Files(), 'note/discharge.csv.gz': 'note_id,hadm_id,note_type,note_seq,charttime,text\n1,101,DS,1,,"open\n2,102,DS,1,,"text"\n' }, /line 2: .*unbalanced quotes/],
    ['no admission', { ...mimic4Files(), 'hosp/admissions.csv': String(mimic4Files()['hosp/admissions.csv']).split('\n')[0]! }, /no usable admission/],
  ];
  it.each(cases)('%s is a data error and leaves nothing behind', async (_, files, message) => {
    const raw = writeFiles(temporaryDir(), files);
    const parent = temporaryDir();
    const request = { config: ingestSchema.parse({ source: 'mimic4', raw }), out: path.join(parent, 's'), log: silentLogger() };
    await expect(ingest(request)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(message) as string });
    expect(fs.readdirSync(parent)).toEqual([]);
  });

  it('a truncated gzip file is a data error, in tables and notes alike', async () => {
    for (const name of ['hosp/prescriptions.csv.gz', 'note/discharge.csv.gz']) {
      const raw = writeFiles(temporaryDir(), mimic4Files());
      const whole = zlib.gzipSync(mimic4Files()[name]!);
      fs.writeFileSync(path.join(raw, name), whole.subarray(0, whole.length - 9));
      const request = { config: ingestSchema.parse({ source: 'mimic4', raw }), out: path.join(temporaryDir(), 's'), log: silentLogger() };
      await expect(ingest(request)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(/truncated/) as string });
    }
  });
});

/** The written files: headers, determinism, formats that parse, notes that keep to their evidence, the ceiling read back. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { readCeiling, READMITTED } from '../../src/synth/ceiling.js';
import { mimic3 } from '../../src/synth/formats/mimic3.js';
import { mimic4 } from '../../src/synth/formats/mimic4.js';
import { writeNote } from '../../src/synth/note/write.js';
import { drawPatient } from '../../src/synth/sample/patient.js';
import { synthesise, type SynthOptions } from '../../src/synth/synthesise.js';
import { hospitalWorld } from '../../src/synth/world/hospital.js';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-synth-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const options = (changes: Partial<SynthOptions> = {}): SynthOptions =>
  ({ format: mimic4, patients: 60, seed: 5, gzip: true, noteWords: 150, listMedications: false, ceiling: true, ...changes });

async function write(name: string, changes: Partial<SynthOptions> = {}): Promise<string> {
  const dir = path.join(root, name);
  if (!fs.existsSync(dir)) await synthesise(dir, options(changes));
  return dir;
}

const files = (dir: string): string[] =>
  fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name))).sort();

type Row = Record<string, string>;

function rows(file: string): Row[] {
  const bytes = fs.readFileSync(file);
  return parse(file.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes, { columns: true }) as Row[];
}

const days = (from: string, to: string): number => (Date.parse(`${to.replace(' ', 'T')}Z`) - Date.parse(`${from.replace(' ', 'T')}Z`)) / 86_400_000;

describe('MIMIC-IV files', () => {
  it('are those of hosp/ and note/, gzipped', async () => {
    expect(files(await write('four'))).toEqual([
      'ceiling/icd-coding.parquet', 'ceiling/medication.parquet', 'ceiling/readmission.parquet', 'hosp/admissions.csv.gz', 'hosp/d_icd_diagnoses.csv.gz', 'hosp/d_icd_procedures.csv.gz',
      'hosp/diagnoses_icd.csv.gz', 'hosp/patients.csv.gz', 'hosp/prescriptions.csv.gz', 'hosp/procedures_icd.csv.gz', 'note/discharge.csv.gz',
    ]);
  });

  const demo = path.resolve('../shared/data/mimic4-demo-2.2/hosp');
  it.skipIf(!fs.existsSync(demo))('have the headers of the MIMIC-IV demo', async () => {
    const dir = await write('four');
    for (const table of ['patients', 'admissions', 'diagnoses_icd', 'procedures_icd', 'prescriptions']) {
      const ours = zlib.gunzipSync(fs.readFileSync(path.join(dir, 'hosp', `${table}.csv.gz`))).toString().split('\n')[0];
      expect(ours, table).toBe(fs.readFileSync(path.join(demo, `${table}.csv`), 'utf8').split(/\r?\n/)[0]);
    }
  });

  it('hold one note for each admission, with a code for each admission', async () => {
    const dir = await write('four');
    const admissions = rows(path.join(dir, 'hosp/admissions.csv.gz')).map((row) => row.hadm_id);
    expect(new Set(admissions).size).toBe(admissions.length);
    expect(rows(path.join(dir, 'note/discharge.csv.gz')).map((row) => row.hadm_id)).toEqual(admissions);
    expect(admissions).toEqual(expect.arrayContaining([...new Set(rows(path.join(dir, 'hosp/diagnoses_icd.csv.gz')).map((row) => row.hadm_id))]));
  });

  it('use one ICD version a visit, and both in all', async () => {
    const versions = new Map<string, Set<string>>();
    for (const row of rows(path.join(await write('four'), 'hosp/diagnoses_icd.csv.gz'))) versions.set(row.hadm_id!, (versions.get(row.hadm_id!) ?? new Set()).add(row.icd_version!));
    expect([...versions.values()].every((set) => set.size === 1)).toBe(true);
    expect(new Set([...versions.values()].flatMap((set) => [...set]))).toEqual(new Set(['9', '10']));
  });

  it('title every code that is used', async () => {
    const dir = await write('four');
    const titled = new Set(rows(path.join(dir, 'hosp/d_icd_diagnoses.csv.gz')).map((row) => `${row.icd_version} ${row.icd_code}`));
    for (const row of rows(path.join(dir, 'hosp/diagnoses_icd.csv.gz'))) expect(titled).toContain(`${row.icd_version} ${row.icd_code}`);
  });

  it('have visits in order, readmissions unplanned, and nothing after a death', async () => {
    const byPatient = new Map<string, Row[]>();
    for (const row of rows(path.join(await write('four'), 'hosp/admissions.csv.gz'))) byPatient.set(row.subject_id!, [...(byPatient.get(row.subject_id!) ?? []), row]);
    for (const visits of byPatient.values()) visits.forEach((visit, at) => {
      expect(days(visit.admittime!, visit.dischtime!)).toBeGreaterThan(0);
      const next = visits[at + 1];
      if (!next) return;
      expect(visit.hospital_expire_flag).toBe('0');
      const gap = days(visit.dischtime!, next.admittime!);
      expect(gap).toBeGreaterThan(0);
      if (gap <= 30) expect(next.admission_type).not.toMatch(/ELECTIVE|SAME DAY/);
    });
  });
});

describe('MIMIC-III files', () => {
  it('have upper-case names and headers, quoted texts and ICD-9 only', async () => {
    const dir = await write('three', { format: mimic3, gzip: false });
    expect(files(dir).filter((file) => !file.startsWith('ceiling'))).toEqual([
      'ADMISSIONS.csv', 'DIAGNOSES_ICD.csv', 'D_ICD_DIAGNOSES.csv', 'D_ICD_PROCEDURES.csv', 'NOTEEVENTS.csv', 'PATIENTS.csv', 'PRESCRIPTIONS.csv', 'PROCEDURES_ICD.csv',
    ]);
    expect(fs.readFileSync(path.join(dir, 'DIAGNOSES_ICD.csv'), 'utf8').split('\n')[0]).toBe('"ROW_ID","SUBJECT_ID","HADM_ID","SEQ_NUM","ICD9_CODE"');
    const known = new Set(rows(path.join(dir, 'D_ICD_DIAGNOSES.csv')).map((row) => row.ICD9_CODE));
    for (const row of rows(path.join(dir, 'DIAGNOSES_ICD.csv'))) expect(known).toContain(row.ICD9_CODE);
    expect(new Set([...(await readCeiling(dir, 'icd-coding', 'codes')).values()].flatMap((scores) => [...scores.keys()].map((label) => label.split(':')[0])))).toEqual(new Set(['icd9cm']));
  });

  it('mark notes as discharge summaries, among others', async () => {
    const notes = rows(path.join(await write('three', { format: mimic3, gzip: false }), 'NOTEEVENTS.csv'));
    expect(new Set(notes.map((row) => row.CATEGORY))).toEqual(new Set(['Discharge summary', 'Nursing/other']));
    expect(notes[0]!.TEXT).toMatch(/\[\*\*.*\*\*\]/);
  });

  it('give the age at the first admission by the date of birth, 300 years back over 89', async () => {
    const dir = await write('old', { format: mimic3, gzip: false, patients: 200, ceiling: false });
    const admitted = new Map(rows(path.join(dir, 'ADMISSIONS.csv')).reverse().map((row) => [row.SUBJECT_ID, row.ADMITTIME!]));
    const ages = rows(path.join(dir, 'PATIENTS.csv')).map((row) => Math.floor(days(row.DOB!, admitted.get(row.SUBJECT_ID)!) / 365.25));
    expect(ages.every((age) => (age >= 20 && age <= 89) || age === 300)).toBe(true);
    expect(ages).toContain(300);
  });
});

describe('synthesise', () => {
  it('writes equal bytes for equal seeds and others for another', async () => {
    const [one, again, other] = [await write('four'), await write('four-again'), await write('other-seed', { seed: 6 })];
    for (const file of files(one)) expect(fs.readFileSync(path.join(one, file)).equals(fs.readFileSync(path.join(again, file))), file).toBe(true);
    expect(fs.readFileSync(path.join(one, 'note/discharge.csv.gz')).equals(fs.readFileSync(path.join(other, 'note/discharge.csv.gz')))).toBe(false);
  });

  it('draws the same first patients whatever their number', async () => {
    const [few, many] = [await write('few', { patients: 20, gzip: false, ceiling: false }), await write('many', { patients: 40, gzip: false, ceiling: false })];
    for (const file of ['hosp/diagnoses_icd.csv', 'note/discharge.csv']) {
      expect(fs.readFileSync(path.join(many, file), 'utf8').startsWith(fs.readFileSync(path.join(few, file), 'utf8')), file).toBe(true);
    }
  });

  it('streams two thousand patients in seconds', async () => {
    const start = performance.now();
    const summary = await synthesise(path.join(root, 'large'), options({ patients: 2000, ceiling: false }));
    expect(summary.visits).toBeGreaterThan(3000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('stops between patients when aborted', async () => {
    const stop = new AbortController();
    const summary = await synthesise(path.join(root, 'stopped'), options({ signal: stop.signal, onProgress: (patients) => patients === 7 && stop.abort() }));
    expect(summary.patients).toBe(7);
  });

  it('lists drugs in the note only when asked, and then writes no ceiling', async () => {
    const dir = await write('listed', { listMedications: true, gzip: false });
    expect(files(dir).some((file) => file.startsWith('ceiling'))).toBe(false);
    expect(fs.readFileSync(path.join(dir, 'note/discharge.csv'), 'utf8')).toContain('Discharge Medications:');
    const plain = zlib.gunzipSync(fs.readFileSync(path.join(await write('four'), 'note/discharge.csv.gz'))).toString();
    expect(plain).not.toContain('Discharge Medications:');
  });
});

describe('notes', () => {
  const world = hospitalWorld();
  const patients = Array.from({ length: 40 }, (_, index) => drawPatient(world, index, createRng(2)));
  const style = { blank: () => '___', words: 200, icd10: false, listMedications: false };

  it('say everything that is in the evidence, and reach the length asked for', () => {
    for (const patient of patients) for (const visit of patient.visits) {
      const note = writeNote({ patient, visit, age: patient.age, style, rng: createRng(1, patient.index, visit.sequence) });
      const flat = note.replace(/\s+/g, ' ').toLowerCase();
      for (const { surface, detail } of visit.mentions) {
        expect(flat).toContain(surface.toLowerCase());
        if (detail) expect(flat).toContain(detail.phrase.toLowerCase());
      }
      for (const { sentence } of visit.statements) expect(flat).toContain(sentence.toLowerCase());
      expect(note.split(/\s+/).length).toBeGreaterThanOrEqual(195);
      expect(note).not.toMatch(/[{}]|undefined/);
    }
  });

  it('never name the drugs that were given', () => {
    for (const patient of patients) for (const visit of patient.visits) {
      // Facts may name a drug class or an earlier drug; no sentence depends on what was prescribed.
      const request = { patient, visit: { ...visit, drugs: visit.drugs.map(() => null) }, age: patient.age, style };
      expect(writeNote({ ...request, rng: createRng(1) })).toBe(writeNote({ ...request, visit, rng: createRng(1) }));
    }
  });
});

describe('readCeiling', () => {
  it('gives every visit its scores under store labels', async () => {
    const dir = await write('four');
    const admissions = rows(path.join(dir, 'hosp/admissions.csv.gz'));
    for (const inputs of ['text', 'codes', 'text+codes'] as const) {
      const scores = await readCeiling(dir, 'icd-coding', inputs);
      expect([...scores.keys()]).toEqual(admissions.map((row) => row.hadm_id));
    }
    const readmission = await readCeiling(dir, 'readmission', 'text+codes');
    expect([...readmission.keys()]).toEqual(admissions.filter((row) => row.hospital_expire_flag === '0').map((row) => row.hadm_id));
    expect(readmission.values().next().value!.get(READMITTED)).toBeLessThan(1);
    const medication = await readCeiling(dir, 'medication', 'codes');
    expect([...medication.values()][0]!.get('atc:N02BE01')).toBeCloseTo(0.55, 6);
  });

  it('says what is missing', async () => {
    await expect(readCeiling(root, 'readmission', 'text')).rejects.toThrow(/readmission\.parquet: no such file/);
    await expect(readCeiling(await write('four'), 'medication', 'text')).rejects.toThrow(/no scores for the inputs text/);
  });
});

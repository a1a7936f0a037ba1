/** `ingest --source meds`: the same patients as `--source mimic4`, and what can be wrong with a data set. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unaccountedFiles } from '../../../src/records/coverage.js';
import { sqlString, withDuckDB } from '../../../src/records/store.js';
import { temporaryDir } from '../raw.js';
import { writeMeds } from './meds-writer.js';
import { codeCounts, ingestFrom, syntheticMimic, type Ingested, type Row } from './stores.js';

describe('the same patients', () => {
  let raw: string;
  let direct: Ingested;
  beforeAll(async () => {
    raw = await syntheticMimic(40);
    direct = await ingestFrom('mimic4', raw);
  }, 60_000);

  it('as events with a visit column give the same store, and the official splits', async () => {
    const meds = await ingestFrom('meds', await writeMeds(raw, temporaryDir()));
    const columns = 'visit_id, patient_id, admitted_at, discharged_at, died_in_hospital, admission_type, discharge_location, age, sex';
    expect(await meds.rows('visits', columns)).toEqual(await direct.rows('visits', columns));
    expect(await meds.rows('notes')).toEqual(await direct.rows('notes'));
    expect(await meds.rows('codes')).toEqual(await direct.rows('codes'));
    // Of the codes of the events, not of whole dictionaries.
    expect(await direct.rows('titles')).toEqual(expect.arrayContaining(await meds.rows('titles')));
    expect((await meds.rows('titles')).length).toBeGreaterThan(100);
    expect(unaccountedFiles(meds.coverage.files)).toEqual([]);
    expect(meds.coverage.drugs).toEqual(direct.coverage.drugs);
    expect(meds.coverage.flow).toEqual(direct.coverage.flow);
    const splits = await meds.rows('visits', 'distinct patient_id::bigint % 2 as rest, source_split');
    expect(splits.sort((a, b) => Number(a.rest) - Number(b.rest))).toEqual([{ rest: 0, source_split: 'train' }, { rest: 1, source_split: 'test' }]);
  }, 60_000);

  it('without a visit column: visits are built from admissions and discharges, events found by their time', async () => {
    const meds = await ingestFrom('meds', await writeMeds(raw, temporaryDir(), { visitColumn: '' }));
    const visits = await meds.rows('visits', 'patient_id, admitted_at, discharged_at, died_in_hospital, age, sex');
    const key = (row: Row): string => JSON.stringify(row);
    expect(visits.map(key).sort()).toEqual((await direct.rows('visits', 'patient_id, admitted_at, discharged_at, died_in_hospital, age, sex')).map(key).sort());
    expect(await codeCounts(meds)).toEqual(await codeCounts(direct));
    expect(meds.coverage.notices.join()).toMatch(/no column names the visits/);
  }, 60_000);

  it('under another name of the visit column', async () => {
    const dir = await writeMeds(raw, temporaryDir(), { visitColumn: 'csn' });
    const meds = await ingestFrom('meds', dir, { meds: { visit_column: 'CSN' } });
    expect(await meds.rows('codes')).toEqual(await direct.rows('codes'));
    await expect(ingestFrom('meds', dir, { meds: { visit_column: 'stay' } })).rejects.toThrow(/no column stay \(ingest\.meds\.visit_column\); the files have .*csn/);
  }, 60_000);

  it('by rules of one\'s own, which come before the built-in ones', async () => {
    const dir = await writeMeds(raw, temporaryDir());
    const ignoring = await ingestFrom('meds', dir, { meds: { codes: [{ match: '^PROCEDURE//', kind: 'ignore' }, { match: '^DIAGNOSIS//ICD//10//(?<code>.+)', kind: 'dx', system: 'icd10' }] } });
    expect(ignoring.coverage.codes.map(({ kind, system }) => `${kind} ${system}`)).toEqual(['dx icd10', 'dx icd9cm', 'rx atc']);
  }, 60_000);
});

interface Event {
  subject: number | null;
  time?: string | null;
  code: string | null;
  text?: string;
  visit?: number;
}

/** A tiny data set; `files` maps a shard's name to its events. */
async function tiny(files: Record<string, Event[]>, metadata?: { codes?: string; dataset?: string }): Promise<string> {
  const dir = temporaryDir();
  fs.mkdirSync(path.join(dir, 'metadata'), { recursive: true });
  await withDuckDB({}, async (connection) => {
    for (const [name, events] of Object.entries(files)) {
      const file = path.join(dir, 'data', name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const text = (value: string | null | undefined): string => (value === null || value === undefined ? 'null' : sqlString(value));
      const rows = events.map(({ subject, time, code, text: note, visit }) => `(${subject ?? 'null'}::bigint, ${text(time)}::timestamp, ${text(code)}::varchar, ${text(note)}::varchar, ${visit ?? 'null'}::bigint)`);
      await connection.run(`copy (select * from (values ${rows.join(', ')}) as e (subject_id, time, code, text_value, hadm_id)) to ${sqlString(file)} (format parquet)`);
    }
    if (metadata?.codes) await connection.run(`copy (${metadata.codes}) to ${sqlString(path.join(dir, 'metadata/codes.parquet'))} (format parquet)`);
  });
  if (metadata?.dataset) fs.writeFileSync(path.join(dir, 'metadata/dataset.json'), metadata.dataset);
  return dir;
}

const stay: Event[] = [
  { subject: 1, time: '2150-03-01 10:00', code: 'HOSPITAL_ADMISSION//URGENT//UNK', visit: 7 },
  { subject: 1, time: '2150-03-05 12:00', code: 'HOSPITAL_DISCHARGE//UNK', visit: 7 },
  { subject: 1, time: '2150-03-05 12:00', code: 'ICD10CM/E11.9', visit: 7 },
];

const codesOf = async (store: Ingested): Promise<unknown[]> => (await store.rows('codes', "kind || ' ' || code as c")).map(({ c }) => c);

describe('single events', () => {
  it('are rejected with file and row where they name no patient or no code; a wrong code of a system, too', async () => {
    const store = await ingestFrom('meds', await tiny({ '0.parquet': [...stay, { subject: null, code: 'X' }, { subject: 1, code: null }, { subject: 1, time: '2150-03-02', code: 'ICD10CM/!!', visit: 7 }] }));
    expect(await store.rows('rejects')).toEqual([
      { file: 'data/0.parquet', line: 4, reason: 'no subject_id' }, { file: 'data/0.parquet', line: 5, reason: 'no code' }, { file: 'data/0.parquet', line: 6, reason: 'not a code of icd10cm' }]);
    expect(unaccountedFiles(store.coverage.files)).toEqual([]);
  });

  it('outside every visit, or of another patient\'s visit, are set aside', async () => {
    const store = await ingestFrom('meds', await tiny({ '0.parquet': [...stay,
      { subject: 1, time: '2151-01-01', code: 'ICD10CM/I10' }, { subject: 2, time: '2150-03-02', code: 'ICD10CM/I10', visit: 7 }, { subject: 1, code: 'ICD10CM/I11.9' }] }));
    expect(await codesOf(store)).toEqual(['dx E11.9']);
    expect(store.coverage.files.find(({ file }) => file.includes('diagnoses'))).toMatchObject({ records: 4, kept: 1, set_aside: { outside_visits: 3 } });
  });

  it('of the day of admission belong to the stay, though they precede it; of two stays, a discharge\'s time is the first one\'s', async () => {
    const store = await ingestFrom('meds', await tiny({ '0.parquet': [...stay,
      { subject: 1, time: '2150-03-05 12:00', code: 'HOSPITAL_ADMISSION//URGENT//UNK', visit: 8 }, { subject: 1, time: '2150-03-09', code: 'HOSPITAL_DISCHARGE//HOME', visit: 8 },
      { subject: 1, time: '2150-03-01 02:00', code: 'ICD10CM/I10' }, { subject: 1, time: '2150-03-05 12:00', code: 'ICD10CM/J45.909' }, { subject: 1, time: '2150-03-05 12:01', code: 'ICD10CM/K35.80' }] }));
    expect((await store.rows('codes', "visit_id || ' ' || code as c")).map(({ c }) => c).sort()).toEqual(['7 E11.9', '7 I10', '7 J45.909', '8 K35.80']);
  });

  it('of vocabularies of drugs are mapped by their names, NDC and ATC', async () => {
    const codes = "select 'RxNorm/1049502' as code, 'Metformin hydrochloride 500 MG Oral Tablet' as description, null::varchar[] as parent_codes union all select 'LOCAL//1', 'x', ['ATC/C03CA01']";
    const at = '2150-03-02';
    const drugs = ['RxNorm/1049502', 'LOCAL//1', 'MEDICATION//START//Vancomycin//UNK', 'MEDICATION//STOP//Heparin//UNK', 'RxNorm/1'].map((code) => ({ subject: 1, time: at, code, visit: 7 }));
    const store = await ingestFrom('meds', await tiny({ '0.parquet': [...stay, ...drugs] }, { codes }));
    expect((await codesOf(store)).sort()).toEqual(['dx E11.9', 'rx A10BA02', 'rx C03CA01', 'rx J01XA01']);
    expect(store.coverage.drugs).toMatchObject({ named_rows: 4, mapped_rows: 3, by_source: { vocabulary: 1, builtin: 2 }, unmapped: { rows: 1, most_frequent: [{ name: 'rxnorm 1', rows: 1 }] } });
  });

  it('die in hospital where the discharge says so, else by the day of death', async () => {
    const death = (time: string, location: string): Event[] => [stay[0]!, { ...stay[1]!, code: `HOSPITAL_DISCHARGE//${location}` }, stay[2]!, { subject: 1, time, code: 'MEDS_DEATH' }];
    const died = async (events: Event[]): Promise<unknown> => (await (await ingestFrom('meds', await tiny({ '0.parquet': events }))).rows('visits', 'died_in_hospital as died'))[0]!.died;
    expect(await died(death('2150-03-05', 'UNK'))).toBe(true);
    expect(await died(death('2150-03-06', 'UNK'))).toBe(false);
    expect(await died(death('2150-03-05', 'HOSPICE'))).toBe(false);
    expect(await died(death('2150-03-06', 'DIED'))).toBe(true);
  });

  it('keep the last note, with its text as it is', async () => {
    const notes: Event[] = [
      { subject: 1, time: '2150-03-04', code: 'NOTE//DS', text: 'First.', visit: 7 }, { subject: 1, time: '2150-03-05', code: 'NOTE//DS', text: 'Ñ 😀\n"last"' },
      { subject: 1, time: '2150-03-05', code: 'NOTE//DS', visit: 7 }, { subject: 1, time: '2155-01-01', code: 'NOTE//DS', text: 'Elsewhere.' }];
    const store = await ingestFrom('meds', await tiny({ 'a/0.parquet': stay, 'a/1.parquet': notes }));
    expect(await store.rows('notes', 'visit_id, text')).toEqual([{ visit_id: '7', text: 'Ñ 😀\n"last"' }]);
    expect(store.coverage.files.find(({ file }) => file.includes('notes'))).toMatchObject({ records: 4, kept: 1, set_aside: { superseded: 1, outside_visits: 1, no_text: 1 } });
  });
});

describe('what can be wrong', () => {
  const fails = (dir: string, message: RegExp, config?: Row) => expect(ingestFrom('meds', dir, config)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(message) as string });

  it('no data, no admission, no diagnosis: what there is instead', async () => {
    const empty = temporaryDir();
    fs.writeFileSync(path.join(empty, 'admissions.csv'), '');
    await fails(empty, /no Parquet file in it; .* here there is admissions\.csv/);
    await fails(await tiny({ '0.parquet': [{ subject: 1, time: '2150-01-01', code: 'LAB//50912//mg' }] }), /no code is an admission.*the most frequent are LAB\/\/50912 \(1\); add a rule/);
    await fails(await tiny({ '0.parquet': stay.slice(0, 2) }), /no code is a diagnosis/);
  });

  it('a missing column, a damaged file, a broken dataset.json, two directories', async () => {
    const dir = await tiny({ '0.parquet': stay });
    fs.writeFileSync(path.join(dir, 'data/1.parquet'), 'PAR1 and no end');
    await fails(dir, /1\.parquet: not a Parquet file, or its end is missing/);
    const lacking = temporaryDir();
    fs.mkdirSync(path.join(lacking, 'data'));
    await withDuckDB({}, (connection) => connection.run(`copy (select 1 as subject_id, 'x' as code, 2 as hadm_id) to ${sqlString(path.join(lacking, 'data/0.parquet'))} (format parquet)`).then(() => undefined));
    await fails(lacking, /missing column time; the files have subject_id, code, hadm_id/);
    await fails(await tiny({ '0.parquet': stay }, { dataset: '{' }), /dataset\.json: not valid JSON/);
    await expect(ingestFrom('meds', dir, { raw: [dir, dir] })).rejects.toMatchObject({ kind: 'configuration' });
  });

  it('the licence is what dataset.json says, and closed in any case', async () => {
    const licensed = await ingestFrom('meds', await tiny({ '0.parquet': stay }, { dataset: '{"dataset_name": "x", "license": "CC BY 4.0"}' }));
    expect(licensed.manifest).toMatchObject({ licence_notice: 'MEDS data set x: CC BY 4.0', do_not_share: true });
    expect((await ingestFrom('meds', await tiny({ '0.parquet': stay }))).manifest.licence_notice).toMatch(/^MEDS data set: the terms of its owners/);
  });
});

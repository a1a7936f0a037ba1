/** `ingest --source omop`: the same patients as `--source mimic4`, with and without a vocabulary, and what can be wrong with a data set. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unaccountedFiles } from '../../../src/records/coverage.js';
import { temporaryDir, writeFiles, type Tables } from '../raw.js';
import { writeOmop, type OmopOptions } from './omop-writer.js';
import { codeCounts, ingestFrom, syntheticMimic, type Ingested, type Row } from './stores.js';

describe('the same patients', () => {
  let raw: string;
  let direct: Ingested;
  beforeAll(async () => {
    raw = await syntheticMimic(40);
    direct = await ingestFrom('mimic4', raw);
  }, 60_000);

  const layouts: OmopOptions[] = [
    { format: 'csv' }, { format: 'csv.gz', vocabulary: 'csv' }, { format: 'parquet', upperCase: true }, { format: 'parts', upperCase: true },
  ];
  it.each(layouts)('as $format files (names in upper case: $upperCase, vocabulary: $vocabulary) give the same store', async (options) => {
    const omop = await ingestFrom('omop', await writeOmop(raw, temporaryDir(), options), { omop: { admission_type: 'visit_source_value' } });
    const columns = 'visit_id, patient_id, admitted_at, discharged_at, died_in_hospital, admission_type, discharge_location, age, sex';
    expect(await omop.rows('visits', columns)).toEqual(await direct.rows('visits', columns));
    expect(await omop.rows('notes')).toEqual(await direct.rows('notes'));
    expect(await codeCounts(omop)).toEqual(await codeCounts(direct));
    expect(unaccountedFiles(omop.coverage.files)).toEqual([]);
    expect(omop.coverage.notices.join()).toMatch(/other kinds of visit are left out: 9202 \(1\)/);
    // The primary diagnosis is marked; the others of one table keep their order.
    const primary = "position = 1 and kind = 'dx' and not starts_with(code, 'Z')";
    expect(await omop.rows('codes', `visit_id, code, ${primary} as p`).then((rows) => rows.filter(({ p }) => p))).toEqual(await direct.rows('codes', `visit_id, code, ${primary} as p`).then((rows) => rows.filter(({ p }) => p)));
  }, 60_000);

  it('without a vocabulary: source values of the system that is named, else an error that says so', async () => {
    const dir = await writeOmop(raw, temporaryDir(), { format: 'parquet', vocabulary: 'none' });
    await expect(ingestFrom('omop', dir)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(/which code system condition_source_value is in.*--set ingest\.systems\.dx=icd10cm/) as string });
    const store = await ingestFrom('omop', dir, { systems: { dx: 'icd10cm' }, max_reject_share: 1 });
    expect(store.coverage.codes.map(({ kind, system }) => `${kind} ${system}`)).toEqual(['dx icd10cm', 'rx atc']);
    expect(store.coverage.notices.join()).toMatch(/procedure_occurrence: goes unused/);
  }, 60_000);

  it('with standard concepts only: SNOMED as it is, or the ICD-10-CM code that maps to it', async () => {
    const dir = await writeOmop(raw, temporaryDir(), { format: 'parquet', standardOnly: true });
    const kept = await ingestFrom('omop', dir);
    expect(kept.coverage.codes.filter(({ kind }) => kind === 'dx').map(({ system }) => system)).toEqual(['snomed']);
    const mapped = await ingestFrom('omop', dir, { omop: { standard_concepts: 'icd10cm' } });
    const counts = async (store: Ingested): Promise<Row[]> => (await codeCounts(store)).filter(({ system, code }) => system === 'icd10cm' && !String(code).startsWith('Z'));
    expect(await counts(mapped)).toEqual(await counts(direct));
  }, 60_000);
});

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** One stay of one patient, one outpatient visit, Athena's vocabulary. */
const tiny = (): Tables => ({
  'person.csv': lines('person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth', '1,8532,1980,6,15'),
  'visit_occurrence.csv': lines(
    'visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,discharge_to_concept_id',
    '11.0,1,262,2020-06-14,,2020-06-20,,0', '12,1,9202,2021-01-01,,2021-01-01,,', '13,1,9201,,,,,'),
  'condition_occurrence.csv': lines(
    'condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value,condition_source_concept_id,condition_status_concept_id,condition_type_concept_id,visit_occurrence_id',
    '1,1,201,2020-06-14,x,101,,38000185,11', '2,1,202,2020-06-14,x,102,32902,,11', '3,1,203,2020-06-15,x,0,,,', '4,1,0,2020-06-15,,0,,,11', '5,1,201,2021-01-01,,101,,,12'),
  'drug_exposure.csv': lines(
    'drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_source_value,drug_source_concept_id,route_source_value,visit_occurrence_id',
    '1,1,301,2020-06-14,LOCAL-1,0,,11', '2,1,302,2020-06-14,00517570425,0,IV,11', '3,1,0,2020-06-14,Zzyzx,0,,11', '4,1,301,2021-01-01,,0,,12'),
  'death.csv': lines('person_id,death_date', '1,2020-06-20'),
  'note.csv': lines(
    'note_id,person_id,note_date,note_class_concept_id,note_title,note_text,visit_occurrence_id',
    '1,1,2020-06-20,0,Discharge Summary: medicine,"The ""first"",', 'on two lines.",11', '2,1,2020-06-21,44814637,,Last.,', '3,1,2020-06-20,44814637,,In time.,', '4,1,2020-06-16,9,Nursing,Slept.,11'),
  'vocabulary/CONCEPT.csv': lines(
    'concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code',
    '101\tType 2 diabetes, "plain"\tC\tICD10CM\tx\t\tE11.9', '102\tDiabetes\tC\tICD9CM\tx\t\t250.00', '201\tDM\tC\tSNOMED\tx\tS\t44054006', '203\tAsthma\tC\tSNOMED\tx\tS\t195967001',
    '301\tfurosemide 40 MG Oral Tablet\tD\tRxNorm\tx\tS\t313988', '302\tx\tD\tRxNorm\tx\tS\t1', '401\tfurosemide\tD\tATC\tATC 5th\tC\tC03CA01', '402\tfurosemide and potassium\tD\tATC\tATC 5th\tC\tC03EB01',
    '403\tloop\tD\tATC\tATC 4th\tC\tC03CA', '262\tEmergency Room and Inpatient Visit\tV\tVisit\tx\tS\tERIP'),
  'vocabulary/CONCEPT_ANCESTOR.csv': lines('ancestor_concept_id\tdescendant_concept_id\tmin_levels_of_separation\tmax_levels_of_separation', '401\t301\t1\t1', '402\t301\t1\t1', '403\t301\t2\t2', '402\t999\t1\t1'),
});

const write = (files: Tables): string => writeFiles(temporaryDir(), files);
const without = (...names: string[]): Tables => Object.fromEntries(Object.entries(tiny()).filter(([name]) => !names.includes(name)));

describe('single rows', () => {
  it('become a visit, its codes in their places, its drugs by the vocabulary, its last note', async () => {
    const store = await ingestFrom('omop', write(tiny()));
    expect(await store.rows('visits', "visit_id, strftime(admitted_at, '%Y-%m-%d') as day, age, sex, died_in_hospital as died, admission_type")).toEqual([
      { visit_id: '11', day: '2020-06-14', age: 39, sex: 'F', died: true, admission_type: 'Emergency Room and Inpatient Visit' }]);
    expect((await store.rows('codes', "kind || ' ' || system || ' ' || code || ' ' || position as c")).map(({ c }) => c)).toEqual([
      'dx icd9cm 250.00 1', 'dx icd10cm E11.9 2', 'dx snomed 195967001 3', 'rx atc C03CA01 1']);
    expect(await store.rows('notes', 'visit_id, text')).toEqual([{ visit_id: '11', text: 'In time.' }]);
    expect(await store.rows('titles', "code || ' ' || title as t")).toEqual([{ t: 'E11.9 Type 2 diabetes, "plain"' }, { t: '250.00 Diabetes' }, { t: '195967001 Asthma' }].sort((a, b) => order(a.t) - order(b.t)));
  });

  it('are all accounted for', async () => {
    const { coverage, rows } = await ingestFrom('omop', write(tiny()));
    expect(unaccountedFiles(coverage.files)).toEqual([]);
    expect(await rows('rejects')).toEqual([{ file: 'condition_occurrence.csv', line: 5, reason: 'no code' }, { file: 'visit_occurrence.csv', line: 4, reason: 'no visit_start_date' }]);
    const of = (name: string) => coverage.files.find(({ file }) => file === name);
    expect(of('condition_occurrence.csv')).toMatchObject({ records: 5, kept: 3, rejected: 1, set_aside: { outside_visits: 1 } });
    expect(of('note.csv')).toMatchObject({ records: 4, kept: 1, rejected: 0, set_aside: { superseded: 1, not_a_discharge_summary: 1, outside_visits: 1 } });
    expect(of('drug_exposure.csv')).toMatchObject({ records: 4, kept: 1, set_aside: { outside_visits: 1, unmapped: 2 } });
    expect(coverage.drugs!.by_source).toEqual({ vocabulary: 1 });
  });
});

/** The place of a title's system in the store's order: icd10cm, icd9cm, snomed. */
const order = (title: string): number => ['E11.9', '250.00', '195967001'].findIndex((code) => title.startsWith(code));

describe('what can be wrong', () => {
  const cases: [what: string, files: Tables, message: RegExp][] = [
    ['a missing table', without('person.csv', 'condition_occurrence.csv'), /no table person, condition_occurrence \(person\.csv, .*found death\.csv, drug_exposure\.csv/],
    ['a missing column', { ...tiny(), 'person.csv': 'gender_concept_id\n8532\n' }, /person\.csv line 1: missing column person_id; the header has gender_concept_id/],
    ['no inpatient visit', { ...tiny(), 'visit_occurrence.csv': lines('visit_occurrence_id,person_id,visit_concept_id,visit_start_date', '12,1,9202,2021-01-01') }, /no visit has a visit_concept_id .*9201, 262, 8717.*there are 9202 \(1\)/],
    ['another vocabulary', { ...tiny(), 'vocabulary/CONCEPT.csv': 'concept_id\tconcept_name\tvocabulary_id\tconcept_code\n5\tx\tSNOMED\t1\n' }, /is it the vocabulary of this data/],
    ['a vocabulary without a column', { ...tiny(), 'vocabulary/CONCEPT.csv': 'concept_id\tconcept_name\n5\tx\n' }, /CONCEPT\.csv line 1: missing columns vocabulary_id, concept_code/],
    ['a table in two places', { ...tiny(), 'PERSON.csv.gz': 'x' }, /two places for the table person/],
    ['a broken note', { ...tiny(), 'note.csv': 'note_id,person_id,note_text,visit_occurrence_id,note_title\n1,1,"open,11,discharge summary\n' }, /note\.csv line 2: .*unbalanced quotes/],
    ['a folder without files', { ...without('death.csv'), 'death/readme.txt': 'x' }, /no \.csv, \.csv\.gz or \.parquet file in the folder of the table death/],
  ];
  it.each(cases)('%s is a data error and leaves nothing behind', async (_, files, message) => {
    const dir = write(files);
    await expect(ingestFrom('omop', dir)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(message) as string });
    expect(fs.readdirSync(path.dirname(dir)).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });

  it('says when no note is a discharge summary, and what to set', async () => {
    const { coverage } = await ingestFrom('omop', write({ ...tiny(), 'note.csv': lines('note_id,person_id,note_text,visit_occurrence_id', '1,1,Slept.,11') }));
    expect(coverage.notices.join()).toMatch(/no note is a discharge summary; ingest\.omop\.note_concepts/);
  });
});

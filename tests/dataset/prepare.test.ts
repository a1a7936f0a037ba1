import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/artifact.js';
import { parseConfig } from '../../src/core/config.js';
import { packageFile } from '../../src/core/paths.js';
import { prepareSchema } from '../../src/dataset/config.js';
import { openDataset, type Dataset } from '../../src/dataset/open.js';
import type { PrepareResult } from '../../src/dataset/prepare.js';
import { readVocabulary } from '../../src/dataset/vocabulary.js';
import { queryRows, sqlString, withDuckDB } from '../../src/records/store.js';
import { prepareAgain, prepareStore, temporaryDirectory, writeStore, type FixtureVisit } from './store-fixture.js';

const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));
const folder = (name: string): string => path.join(root, name);

const rowOf = (dataset: Dataset, visit: string): number => dataset.visitIds.indexOf(visit);
const codesOf = (dataset: Dataset, kind: 'dx' | 'rx' | 'px', visit: string): string[] =>
  [...dataset.codes[kind].row(rowOf(dataset, visit))].map((id) => (id < 4 ? dataset.vocabulary.special[id]! : dataset.vocabulary.kinds[kind][id - 4]!.code));
const decode = (dataset: Dataset, visit: string): string => {
  const pieces = new Map([...dataset.tokenizer.vocabulary].map(([piece, id]) => [id, piece]));
  return [...dataset.tokens.row(rowOf(dataset, visit))].map((id) => pieces.get(id)!).join(' ').replaceAll(' ##', '');
};

describe('a store with an official split', () => {
  const visits: FixtureVisit[] = [
    { visit: 'b', patient: '1', admitted: '2150-03-01', discharged: '2150-03-04 12:30:00', died: false, type: 'EMERGENCY', split: 'train', text: 'Fever, fever.\nSeen by [**Dr Who**].', dx: ['icd9cm 250.00', 'icd10cm E11.9'], rx: ['atc N02BE01', 'atc N02BA01', 'atc C03'] },
    { visit: 'a', patient: '1', admitted: '2150-05-01', split: 'train', dx: ['icd10cm E11.9'], px: ['icd9proc 36.15'] },
    { visit: 'c', patient: '1', admitted: '2150-01-01', split: 'train', text: 'No fever' },
    { visit: 'd', patient: '2', split: 'dev', died: true, text: 'Zebra fever', dx: ['icd10cm Z99.9', 'icd10cm E11.9', 'icd10cm Z98.8'] },
    { visit: 'e', patient: '3', split: 'test', text: 'quokka', dx: ['icd10cm Z97.7'] },
    { visit: 'f', patient: '4', split: 'background', text: 'unlabelled walrus walrus' },
    { visit: 'g', patient: '5', split: 'train' },
  ];
  const config = { split: { by: 'source' }, tokenizer: { min_frequency: 1 } };
  let result: PrepareResult & { out: string };
  let dataset: Dataset;
  beforeAll(async () => {
    result = await prepareStore(folder('official'), visits, config);
    dataset = await openDataset(result.out);
  });

  it('gives one row a visit, by patient and time, without empty visits', () => {
    expect(dataset.visitIds).toEqual(['c', 'b', 'a', 'd', 'e', 'f']);
    expect([...dataset.sequence]).toEqual([0, 1, 2, 0, 0, 0]);
    expect(dataset.splits).toEqual(['train', 'train', 'train', 'dev', 'test', 'train']);
    expect([...dataset.labelled]).toEqual([1, 1, 1, 1, 1, 0]);
  });

  it('keeps times, deaths and admission types, and knows what it does not know', () => {
    expect(dataset.admittedAt[1]).toBe(Date.UTC(2150, 2, 1));
    expect(dataset.dischargedAt[1]).toBe(Date.UTC(2150, 2, 4, 12, 30));
    expect(dataset.admittedAt[3]).toBeNaN();
    expect([...dataset.died]).toEqual([-1, 0, -1, 1, -1, -1]);
    expect(dataset.admissionTypes[1]).toBe('EMERGENCY');
    expect(dataset.admissionTypes[0]).toBeNull();
  });

  it('has codes at the granularity, in their order, merged where they became equal', () => {
    expect(codesOf(dataset, 'dx', 'b')).toEqual(['250.00', 'E11.9']);
    expect(codesOf(dataset, 'rx', 'b')).toEqual(['N02B', 'C03']);
    expect(codesOf(dataset, 'px', 'a')).toEqual(['36.15']);
    expect(codesOf(dataset, 'dx', 'c')).toEqual([]);
  });

  it('fits vocabularies on training visits only: other codes are [UNK], one for each', () => {
    const { kinds } = readVocabulary(path.join(result.out, 'vocab.json'));
    expect(kinds.dx.map(({ system, code, count }) => [system, code, count])).toEqual([['icd10cm', 'E11.9', 2], ['icd9cm', '250.00', 1]]);
    expect(codesOf(dataset, 'dx', 'd')).toEqual(['[UNK]', 'E11.9', '[UNK]']);
    expect(JSON.stringify(kinds)).not.toContain('Z9');
  });

  it('takes extra codes from tables into the vocabularies, after those of training visits', async () => {
    const [list, table] = [folder('extra.tsv'), folder('d_icd_procedures.csv')];
    fs.writeFileSync(list, 'e119\nZ99.9\tDependence on a machine\n\nz988\tSome other state\n');
    fs.writeFileSync(table, 'icd_code,icd_version,long_title\n3615,9,Made-up bypass\n3616,9,Made-up double bypass\n0DTJ4ZZ,10,Not of this system\n');
    const extra = [{ kind: 'dx', system: 'icd10cm', file: list }, { kind: 'px', system: 'icd9proc', file: table }];
    const { out } = await prepareStore(folder('extra'), visits, { ...config, codes: { extra } });
    const opened = await openDataset(out);
    const { dx, px } = opened.vocabulary.kinds;
    expect(dx.map(({ system, code, count }) => [system, code, count])).toEqual([['icd10cm', 'E11.9', 2], ['icd9cm', '250.00', 1], ['icd10cm', 'Z98.8', 0], ['icd10cm', 'Z99.9', 0]]);
    expect(px.map(({ code, count }) => [code, count])).toEqual([['36.15', 1], ['36.16', 0]]);
    expect(px[1]!.title).toBe('Made-up double bypass');
    expect(codesOf(opened, 'dx', 'd')).toEqual(['Z99.9', 'E11.9', 'Z98.8']);
    const coarse = await prepareStore(folder('coarse extra'), visits, { ...config, codes: { extra, dx: 'category' } });
    expect(readVocabulary(path.join(coarse.out, 'vocab.json')).kinds.dx.map(({ code, count }) => [code, count])).toEqual([['E11', 2], ['250', 1], ['Z98', 0], ['Z99', 0]]);
    // Visits of training that `min_count` leaves out still count.
    const rare = await prepareStore(folder('rare extra'), visits, { ...config, codes: { extra: [{ kind: 'px', system: 'icd9proc', file: table }], min_count: 2 } });
    expect(readVocabulary(path.join(rare.out, 'vocab.json')).kinds.px.map(({ code, count }) => [code, count])).toEqual([['36.15', 1], ['36.16', 0]]);
    fs.writeFileSync(list, 'E11.9\nnot a code\n');
    await expect(prepareStore(folder('bad extra'), visits, { ...config, codes: { extra } })).rejects.toThrow(/extra\.tsv:2: "not a code" cannot be a code of icd10cm; expected code<TAB>title/);
  });

  it('learns nothing from dev and test: other notes and codes there change neither vocabulary', async () => {
    const changed = visits.map((visit) => (visit.split === 'dev' || visit.split === 'test' ? { ...visit, text: 'Axolotl '.repeat(50), dx: ['icd10cm A00.0', 'icd9cm 250.00'] } : visit));
    const { out } = await prepareStore(folder('changed'), changed, config);
    for (const file of ['vocab.json', 'tokenizer.json']) expect(fs.readFileSync(path.join(out, file), 'utf8')).toBe(fs.readFileSync(path.join(result.out, file), 'utf8'));
  });

  it('learns word pieces from training notes only, unlabelled ones too', () => {
    expect(dataset.tokenizer.vocabulary.has('fever')).toBe(true);
    expect(dataset.tokenizer.vocabulary.has('walrus')).toBe(true);
    // z and q occur in no training note, so they are not even in the alphabet.
    expect([...dataset.tokenizer.vocabulary.keys()].filter((piece) => /[zq]/.test(piece))).toEqual([]);
    expect([...dataset.tokens.row(rowOf(dataset, 'e'))]).toEqual([dataset.tokenizer.special.unk]);
  });

  it('records which visits were fitted on', () => {
    expect(result.manifest.fitted_on).toEqual({ visits: 4, visits_hash: sha256('a\nb\nc\nf').slice(0, 16), tokenizer: 'learnt' });
  });

  it('encodes clean text', () => {
    expect(decode(dataset, 'b')).toBe('fever , fever . seen by .');
    expect(dataset.tokens.lengthOf(rowOf(dataset, 'a'))).toBe(0);
  });

  it('keeps every code as gold, in the vocabulary or not', async () => {
    const gold = await dataset.gold();
    expect(gold.get('d')!.map(({ code }) => code)).toEqual(['Z99.9', 'E11.9', 'Z98.8']);
    expect(gold.get('b')!.filter(({ kind }) => kind === 'rx').map(({ code }) => code)).toEqual(['N02B', 'C03']);
    expect(gold.has('c')).toBe(false);
  });

  it('reports the flow', () => {
    expect(result.flow.steps).toEqual([
      { step: 'in the store', visits: 7, patients: 5 },
      { step: 'with text or codes', visits: 6, patients: 4 },
    ]);
    expect(result.flow.splits.train).toMatchObject({ visits: 4, patients: 2, labelled: 3, with_text: 3, codes: { dx: { codes: 3, distinct: 2, unknown: 0 } } });
    expect(result.flow.splits.dev.codes.dx).toEqual({ codes: 3, distinct: 3, unknown: 2 });
  });

  it('selects rows by split', () => {
    expect([...dataset.rowsOf('train')]).toEqual([0, 1, 2, 5]);
    expect([...dataset.rowsOf('train', { labelled: true })]).toEqual([0, 1, 2]);
  });

  it('writes the same content again, and nothing when nothing has changed', async () => {
    const store = path.join(folder('official'), 'store');
    expect((await prepareAgain(store, result.out, config)).done).toBe(false);
    const other = folder('official-again');
    expect((await prepareAgain(store, other, config)).done).toBe(true);
    for (const file of ['split.json', 'vocab.json', 'tokenizer.json', 'flow.json']) {
      expect(sha256(fs.readFileSync(path.join(other, file))), file).toBe(sha256(fs.readFileSync(path.join(result.out, file))));
    }
    const rows = (dir: string, table: string) => withDuckDB({}, (connection) => queryRows(connection, `from ${sqlString(path.join(dir, `${table}.parquet`))}`));
    for (const table of ['visits', 'gold']) expect(await rows(other, table)).toEqual(await rows(result.out, table));
    expect(fs.readdirSync(other).sort()).toEqual(['flow.json', 'gold.parquet', 'manifest.json', 'split.json', 'tokenizer.json', 'visits.parquet', 'vocab.json']);
  });

  it('takes an existing tokenizer', async () => {
    const from = path.join(result.out, 'tokenizer.json');
    const out = folder('other-tokenizer');
    await prepareAgain(path.join(folder('official'), 'store'), out, { ...config, tokenizer: { from } });
    expect(fs.readFileSync(path.join(out, 'tokenizer.json'), 'utf8')).toBe(fs.readFileSync(from, 'utf8'));
  });

  it("takes a checkpoint's tokenizer, and does the work again when that changes, not when the weights do", async () => {
    const from = folder('checkpoint');
    fs.cpSync(packageFile('tests', 'fixtures', 'tokenizers', 'roberta'), from, { recursive: true });
    const out = folder('checkpoint-data');
    const again = () => prepareAgain(path.join(folder('official'), 'store'), out, { ...config, tokenizer: { from } });
    expect((await again()).done).toBe(true);
    const { tokenizer, tokens, ...data } = await openDataset(out);
    expect(data.manifest.fitted_on).toMatchObject({ visits: 4, tokenizer: 'given' });
    expect(tokenizer.special).toEqual({ pad: 1, unk: 3, cls: 0, sep: 2, mask: 4 });
    const [expected] = await tokenizer.encode(['No fever'], 100);
    expect(tokens.row(data.visitIds.indexOf('c'))).toEqual(expected);
    expect(tokenizer.decode(expected!)).toBe(' No fever');
    fs.writeFileSync(path.join(from, 'model.safetensors'), 'weights');
    expect((await again()).done).toBe(false);
    fs.writeFileSync(path.join(from, 'tokenizer_config.json'), '{"add_prefix_space": false}');
    expect((await again()).done).toBe(true);
    expect((await openDataset(out)).tokens.row(data.visitIds.indexOf('c'))).not.toEqual(expected);
  });

  it('is not opened when rows are missing', async () => {
    const dir = folder('damaged');
    fs.cpSync(result.out, dir, { recursive: true });
    const manifest = JSON.parse(fs.readFileSync(path.join(dir, 'manifest.json'), 'utf8')) as { totals: { visits: number; tokens: number } };
    manifest.totals.visits += 1;
    fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
    await expect(openDataset(dir)).rejects.toThrow('fewer rows');
    manifest.totals.visits -= 2;
    fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify(manifest));
    await expect(openDataset(dir)).rejects.toThrow('more rows');
    fs.writeFileSync(path.join(dir, 'visits.parquet'), 'not Parquet');
    await expect(openDataset(dir)).rejects.toThrow('visits.parquet: cannot be read as Parquet');
  });
});

describe('cohort rules and granularity', () => {
  const visits: FixtureVisit[] = [
    { visit: '1', patient: 'p', type: 'NEWBORN', text: 'x', dx: ['icd9cm V30.00'] },
    { visit: '2', patient: 'p', text: 'x', dx: ['icd9cm 250.01', 'icd9cm 250.02', 'icd9cm E878.1'], px: ['icd10pcs 0DTJ4ZZ'], rx: ['atc N02BE01'] },
    { visit: '3', patient: 'p', text: 'x', dx: ['icd9cm 250.01'] },
    { visit: '4', patient: 'q', text: 'x', dx: ['icd9cm 401.9'] },
    { visit: '5', patient: 'q', dx: ['icd9cm 401.9'] },
    { visit: '6', patient: 'r', text: ' \n ', dx: ['icd9cm 401.9'] },
  ];
  const prepared = async (name: string, config: object): Promise<{ flow: PrepareResult['flow']; dataset: Dataset }> => {
    const { out, flow } = await prepareStore(folder(name), visits, { split: { train: 1, dev: 0, test: 0 }, ...config });
    return { flow, dataset: await openDataset(out) };
  };

  it('are applied one after the other, the number of visits last', async () => {
    const { flow, dataset } = await prepared('rules', { cohort: { drop_newborns: true, require: ['text', 'dx'], min_visits: 2 } });
    expect(flow.steps.map(({ step, visits: left }) => [step, left])).toEqual([
      ['in the store', 6],
      ['with text or codes', 6],
      ['not a newborn admission', 5],
      ['with text', 3],
      ['with dx', 3],
      ['patients with 2 or more such visits', 2],
    ]);
    expect(dataset.visitIds).toEqual(['2', '3']);
  });

  it('cuts codes to categories and ATC levels', async () => {
    const { dataset } = await prepared('coarse', { codes: { dx: 'category', px: 'category', atc_level: 5 } });
    expect(codesOf(dataset, 'dx', '2')).toEqual(['250', 'E878']);
    expect(codesOf(dataset, 'px', '2')).toEqual(['0DT']);
    expect(codesOf(dataset, 'rx', '2')).toEqual(['N02BE01']);
    expect((await dataset.gold()).get('2')!.map(({ code }) => code)).toEqual(['250', 'E878', '0DT', 'N02BE01']);
  });

  it('keeps the most frequent codes, above a least number', async () => {
    const { dataset } = await prepared('small', { codes: { max_vocabulary: 1 } });
    expect(dataset.vocabulary.kinds.dx.map(({ code }) => code)).toEqual(['401.9']);
    expect(codesOf(dataset, 'dx', '2')).toEqual(['[UNK]', '[UNK]', '[UNK]']);
    const frequent = await prepared('frequent', { codes: { min_count: 2 } });
    expect(frequent.dataset.vocabulary.kinds.dx.map(({ code }) => code)).toEqual(['401.9', '250.01']);
  });

  it('takes titles from the store, else from the bundled tables', async () => {
    const store = folder('titles');
    await writeStore(store, [...visits, { visit: '7', patient: 's', px: ['icd9proc 36.15'] }], [['icd9cm', '401.9', 'Hypertension, as the source calls it']]);
    await prepareAgain(store, folder('titles-data'), { split: { train: 1, dev: 0, test: 0 }, codes: { px: 'category' } });
    const { kinds } = readVocabulary(path.join(folder('titles-data'), 'vocab.json'));
    expect(kinds.dx.find(({ code }) => code === '401.9')!.title).toBe('Hypertension, as the source calls it');
    expect(kinds.px.find(({ code }) => code === '36')!.title).toMatch(/vessels of heart/i);
  });
});

describe('the next admission of a patient', () => {
  const visits: FixtureVisit[] = [
    { visit: 'b', patient: 'p', admitted: '2150-01-01', type: 'NEWBORN', text: 'x', charted: '2150-01-05 10:00:00' },
    { visit: 'c', patient: 'p', admitted: '2150-03-01', type: 'ELECTIVE' },
    { visit: 'a', patient: 'p', admitted: '2150-03-01', type: 'URGENT', text: 'x' },
    { visit: 'd', patient: 'p', admitted: '2150-04-01', text: ' ', dx: ['icd9cm 401.9'], charted: '2150-04-02' },
    { visit: 'e', patient: 'p', type: 'EMERGENCY', text: 'x' },
    { visit: 'f', patient: 'q', admitted: '2150-01-02', type: 'EMERGENCY', text: 'x' },
  ];
  let dataset: Dataset;
  beforeAll(async () => {
    const { out } = await prepareStore(folder('next'), visits, { split: { train: 1, dev: 0, test: 0 } });
    dataset = await openDataset(out);
  });
  const next = (visit: string) => [dataset.nextAdmittedAt[rowOf(dataset, visit)], dataset.nextAdmissionTypes[rowOf(dataset, visit)]];

  it('is that of the store, though the visit is not in the cohort; of equal times the smaller id comes first', () => {
    expect(dataset.visitIds).toEqual(['b', 'a', 'd', 'e', 'f']);
    expect(next('b')).toEqual([Date.UTC(2150, 2, 1), 'URGENT']);
    expect(next('a')).toEqual([Date.UTC(2150, 2, 1), 'ELECTIVE']);
  });

  it('is unknown after the last one, and where a visit has no time', () => {
    expect(next('d')).toEqual([NaN, null]);
    expect(next('e')).toEqual([NaN, null]);
    expect(next('f')).toEqual([NaN, null]);
  });

  it('comes with the time of the note, where there is one', () => {
    expect(dataset.noteChartedAt[rowOf(dataset, 'b')]).toBe(Date.UTC(2150, 0, 5, 10));
    expect(dataset.noteChartedAt[rowOf(dataset, 'a')]).toBeNaN();
    // A blank note is no note.
    expect(dataset.noteChartedAt[rowOf(dataset, 'd')]).toBeNaN();
  });

  it('decides which notes are too late, where one asks for that', async () => {
    const stays: FixtureVisit[] = [
      { visit: '1', patient: 'p', discharged: '2150-01-01 12:00:00', text: 'x', charted: '2150-01-02 18:00:00' },
      { visit: '2', patient: 'p', discharged: '2150-01-01 12:00:00', text: 'x', charted: '2150-01-02 18:00:01', dx: ['icd9cm 401.9'] },
      { visit: '3', patient: 'p', discharged: '2150-01-01 12:00:00', text: 'x' },
      { visit: '4', patient: 'p', text: 'x', charted: '2150-01-02' },
      { visit: '5', patient: 'p', discharged: '2150-01-01', text: 'x', charted: '2150-02-01' },
    ];
    const { out } = await prepareStore(folder('late'), stays, { split: { train: 1, dev: 0, test: 0 }, text: { charted_within_days: 1.25 }, tokenizer: { min_frequency: 1 } });
    const late = await openDataset(out);
    expect(late.visitIds.map((visit, row) => [visit, late.tokens.lengthOf(row)])).toEqual([['1', 1], ['2', 0], ['3', 1], ['4', 1]]);
  });

  it('is missing from directories of an earlier version, which are refused', async () => {
    const [from, old] = [dataset.dir, folder('earlier-version')];
    fs.cpSync(from, old, { recursive: true });
    const [source, target] = [from, old].map((dir) => sqlString(path.join(dir, 'visits.parquet')));
    await withDuckDB({}, (connection) => connection.run(`copy (select * exclude (next_admitted_at, note_charted_at) from ${source}) to ${target} (format parquet, compression lz4_raw)`));
    await expect(openDataset(old)).rejects.toThrow(/visits\.parquet: has no column next_admitted_at; .*`medweave prepare --force`/);
  });
});

describe('what is wrong', () => {
  it('in the configuration is named', () => {
    expect(() => parseConfig(prepareSchema, { split: { sed: 3 } }, 'run.yaml: prepare')).toThrow(/run\.yaml: prepare: .*"sed".* → split/);
    expect(() => parseConfig(prepareSchema, { codes: { atc_level: 6 } }, 'run.yaml: prepare')).toThrow('→ codes.atc_level');
  });

  it('with the store is said, and nothing is written', async () => {
    const out = folder('never');
    await expect(prepareAgain(root, out)).rejects.toThrow('not a medweave directory');
    await writeStore(folder('no-notes'), [{ visit: '1', patient: '1', dx: ['icd9cm 401.9'] }]);
    fs.rmSync(path.join(folder('no-notes'), 'notes.parquet'));
    await expect(prepareAgain(folder('no-notes'), out)).rejects.toThrow('notes.parquet');
    expect(fs.existsSync(out)).toBe(false);
  });

  it('about a split that overlaps leaves nothing behind', async () => {
    const visits: FixtureVisit[] = [{ visit: '1', patient: 'p', split: 'train', text: 'x' }, { visit: '2', patient: 'p', split: 'test', text: 'x' }];
    await expect(prepareStore(folder('overlap'), visits, { split: { by: 'source' } })).rejects.toThrow('more than one official split');
    expect(fs.readdirSync(folder('overlap'))).toEqual(['store']);
  });
});

describe('a store without any notes, or without any codes', () => {
  it('gives a data set with empty lists', async () => {
    const codes = await prepareStore(folder('codes-only'), [{ visit: '1', patient: 'p', dx: ['icd9cm 401.9'] }]);
    expect((await openDataset(codes.out)).tokens.values).toHaveLength(0);
    const text = await prepareStore(folder('text-only'), [{ visit: '1', patient: 'p', text: 'fever fever' }]);
    const dataset = await openDataset(text.out);
    expect(dataset.codes.dx.row(0)).toHaveLength(0);
    expect((await dataset.gold()).size).toBe(0);
  });

  it('an empty cohort is an error', async () => {
    await expect(prepareStore(folder('empty'), [{ visit: '1', patient: 'p', dx: ['icd9cm 401.9'] }], { cohort: { require: ['text'] } })).rejects.toThrow('no visit is left');
  });
});

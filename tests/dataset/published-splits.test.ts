/** Splits and label selections as papers publish them: lists of ids, stratification, codes left out of the data. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareSchema, type SplitLists } from '../../src/dataset/config.js';
import { readGold } from '../../src/dataset/gold.js';
import { decompressLz4 } from '../../src/dataset/lz4.js';
import { readSplitLists } from '../../src/dataset/split-lists.js';
import { stratify } from '../../src/dataset/stratify.js';
import { sqlString, withDuckDB } from '../../src/records/store.js';
import { prepareStore, temporaryDirectory, type FixtureVisit } from './store-fixture.js';

const dir = temporaryDirectory();
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const write = (name: string, content: string | Buffer): string => {
  fs.writeFileSync(path.join(dir, name), content);
  return path.join(dir, name);
};
const lists = (split: Partial<SplitLists>): SplitLists => prepareSchema.parse({ split: { by: 'list', lists: split } }).split.lists;

describe('lists of ids', () => {
  it('come as one file a split, without column names as CAML\'s, or with', async () => {
    const files = { train: write('train_hadm_ids.csv', '100001\n100002\n'), dev: write('dev.csv', 'subject_id,hadm_id\n7,100003.0\n'), test: write('test.tsv.gz', gzipSync('hadm_id\tx\n100004\t1\n')) };
    expect([...await readSplitLists(lists(files))]).toEqual([['100001', 'train'], ['100002', 'train'], ['100003', 'dev'], ['100004', 'test']]);
  });

  it('come as one file with a column of splits, val for dev; Parquet too', async () => {
    const file = write('splits.csv', '_id,split\n1,train\n2,val\n3,test\n');
    const expected = [['1', 'train'], ['2', 'dev'], ['3', 'test']];
    expect([...await readSplitLists(lists({ file, column: '_id' }))]).toEqual(expected);
    const parquet = path.join(dir, 'splits.parquet');
    await withDuckDB({}, (connection) => connection.run(`copy (select _id, split from read_csv(${sqlString(file)})) to ${sqlString(parquet)} (format parquet)`));
    expect([...await readSplitLists(lists({ file: parquet, column: '_id' }))]).toEqual(expected);
  });

  it('come as Feather with LZ4, as pandas writes it', async () => {
    const splitOf = await readSplitLists(lists({ file: 'tests/fixtures/splits/splits.feather', column: '_id' }));
    const expected = Array.from({ length: 400 }, (_, i) => [String(100000 + (i % 211) * 1000 + i), i % 5 ? 'train' : i % 2 ? 'dev' : 'test']);
    expect([...splitOf]).toEqual(expected);
    expect(() => decompressLz4(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toThrow(/not an LZ4 frame/);
  });

  it.each<[string, () => Partial<SplitLists>, RegExp]>([
    ['a missing file', () => ({ train: 'nowhere.csv', test: 'nowhere.csv' }), /nowhere\.csv: no such file; prepare\.split\.lists/],
    ['a missing column', () => ({ file: write('a.csv', 'id,split\n1,train\n') }), /a\.csv: no column hadm_id; it has id, split/],
    ['an unknown split', () => ({ file: write('b.csv', 'hadm_id,split\n1,eval\n') }), /b\.csv: "eval" is no split/],
    ['an id in two splits', () => ({ train: write('c.csv', '1\n2\n'), test: write('d.csv', '2\n') }), /d\.csv: visit 2 is in train and in test/],
    ['an empty file', () => ({ train: write('e.csv', ''), test: write('f.csv', '2\n') }), /e\.csv: the list is empty/],
  ])('%s is a data error', async (_, given, message) => {
    await expect(readSplitLists(lists(given()))).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(message) as string });
  });

  it('are asked for', () => {
    expect(() => prepareSchema.parse({ split: { by: 'list' } })).toThrow(/needs the lists/);
  });
});

const visit = (id: number, patient: number, codes: Partial<FixtureVisit> = {}): FixtureVisit => ({ visit: `${id}`, patient: `p${patient}`, text: `nota ${id}`, dx: ['icd9cm 401.9'], ...codes });
const config = { tokenizer: { vocabulary_size: 100 } };

describe('prepare.split.by: list', () => {
  it('leaves out visits that no list names, and says how many, and which ids were not found', async () => {
    const visits = [visit(1, 1), visit(2, 2), visit(3, 3), visit(4, 4), visit(5, 4)];
    const split = { by: 'list', lists: { train: write('tr.csv', '1\n2\n99\n'), dev: write('de.csv', '3\n'), test: write('te.csv', '4\n') } };
    const { flow } = await prepareStore(path.join(dir, 'listed'), visits, { ...config, split });
    expect([flow.splits.train.visits, flow.splits.dev.visits, flow.splits.test.visits]).toEqual([2, 1, 1]);
    expect(flow.lists).toEqual({ visits_left_out: 1, ids_not_found: 1 });
  });

  it('refuses lists that share no id with the cohort, and a patient in several of them', async () => {
    const none = { by: 'list', lists: { train: write('g.csv', '7\n'), test: write('h.csv', '8\n') } };
    await expect(prepareStore(path.join(dir, 'none'), [visit(1, 1)], { ...config, split: none })).rejects.toThrow(/none of the 2 ids is a visit of the cohort \(e\.g\. 7, and there 1\)/);
    const both = { by: 'list', lists: { train: write('i.csv', '1\n'), test: write('j.csv', '2\n') } };
    await expect(prepareStore(path.join(dir, 'both'), [visit(1, 1), visit(2, 1)], { ...config, split: both })).rejects.toThrow(/1 patients are in more than one list/);
  });
});

describe('prepare.codes.keep', () => {
  const visits = [
    visit(1, 1, { dx: ['icd10cm I10', 'icd10cm E11.9'], px: ['icd9proc 36.15'] }),
    visit(2, 2, { dx: ['icd10cm I10'], rx: ['atc N02BE01'] }),
    visit(3, 3, { dx: ['icd10cm E11.9'] }),
    visit(4, 4, { dx: ['icd10cm Z00.0'] }),
    visit(5, 5, { dx: ['icd9cm 401.9'] }),
  ];
  const split = { by: 'patient', train: 1, dev: 0, test: 0 };
  const goldOf = async (name: string, prepare: object): Promise<{ gold: Record<string, string[]>; steps: [string, number][] }> => {
    const { out, flow } = await prepareStore(path.join(dir, name), visits, { ...config, split, ...prepare });
    const gold = await readGold(path.join(out, 'gold.parquet'));
    return { gold: Object.fromEntries([...gold].map(([id, codes]) => [id, codes.map(({ code }) => code).sort()])), steps: flow.steps.map(({ step, visits: n }) => [step, n]) };
  };

  it('leaves codes of other systems out of vocabulary and gold; medications stay', async () => {
    const { gold } = await goldOf('systems', { cohort: { require: ['icd'] }, codes: { keep: { systems: ['icd10cm', 'icd10pcs'] } } });
    expect(gold).toEqual({ 1: ['E11.9', 'I10'], 2: ['I10', 'N02B'], 3: ['E11.9'], 4: ['Z00.0'] });
  });

  it('leaves out codes that few visits have, then visits that have none left', async () => {
    const { gold, steps } = await goldOf('rare', { cohort: { require: ['text', 'icd'] }, codes: { keep: { systems: ['icd10cm'], min_visits: 2 } } });
    expect(gold).toEqual({ 1: ['E11.9', 'I10'], 2: ['I10', 'N02B'], 3: ['E11.9'] });
    expect(steps.slice(-2)).toEqual([['with icd', 4], ['the same without the 1 codes that fewer than 2 of these visits have', 3]]);
  });

  it('counts a code in the visits of the cohort alone', async () => {
    const { gold } = await goldOf('cohort', { cohort: { require: ['rx'] }, codes: { keep: { min_visits: 2 } } });
    expect(gold).toEqual({ 2: ['N02B'] });
  });

  it('keeps the named codes only', async () => {
    const { gold } = await goldOf('only', { cohort: { require: ['icd'] }, codes: { keep: { only: ['I10', '36.15'] } } });
    expect(gold).toEqual({ 1: ['36.15', 'I10'], 2: ['I10', 'N02B'] });
  });
});

describe('stratification', () => {
  const shares = [0.7, 0.1, 0.2];
  const examples = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 8 }).map((label) => `c${label}`), { maxLength: 5 }), { minLength: 1, maxLength: 120 });

  it('gives every example a part, the same with the same seed', () => {
    fc.assert(fc.property(examples, fc.integer(), (labels, seed) => {
      const parts = stratify({ labels, shares, seed });
      expect(parts.every((part) => part >= 0 && part < 3)).toBe(true);
      expect(stratify({ labels, shares, seed })).toEqual(parts);
    }), { seed: 1 });
  });

  it('deals a single label out to the part that lacks most of it', () => {
    const parts = stratify({ labels: Array.from({ length: 10 }, () => ['a']), shares, seed: 3 });
    expect([0, 1, 2].map((part) => parts.filter((own) => own === part).length)).toEqual([7, 1, 2]);
  });

  it('keeps each label\'s share, where drawing patients by chance does not', () => {
    // Rare labels beside frequent ones: label k is on every (k + 2)-th example.
    const labels = Array.from({ length: 1000 }, (_, i) => Array.from({ length: 60 }, (_unused, k) => k).filter((k) => (i * 7919) % 1000 % (3 * k + 2) === 0).map(String));
    const parts = stratify({ labels, shares, seed: 5 });
    for (let k = 0; k < 60; k++) {
      const own = labels.flatMap((these, i) => (these.includes(String(k)) ? [parts[i]!] : []));
      shares.forEach((share, part) => expect(Math.abs(own.filter((one) => one === part).length - share * own.length), `label ${k}`).toBeLessThanOrEqual(Math.max(2, 0.1 * own.length)));
    }
  });

  it('divides a store by patient', async () => {
    const visits = Array.from({ length: 60 }, (_, i) => visit(i, Math.floor(i / 2), { dx: [`icd10cm ${['I10', 'E11.9', 'J45', 'K35'][i % 4]}`] }));
    const { flow } = await prepareStore(path.join(dir, 'stratified'), visits, { ...config, split: { by: 'stratified', train: 0.6, dev: 0.2, test: 0.2 } });
    expect([flow.splits.train.patients, flow.splits.dev.patients, flow.splits.test.patients]).toEqual([18, 6, 6]);
    expect(flow.splits.test.codes.dx.distinct).toBe(4);
  });
});

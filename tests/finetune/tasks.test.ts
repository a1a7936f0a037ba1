/** The tasks on a hand-made data set: who is in the cohort, what the labels are, which past a visit has. */
import { describe, expect, it } from 'vitest';
import { finetuneSchema, type FinetuneConfig } from '../../finetune/config.js';
import { planHistories } from '../../finetune/tasks/history.js';
import { openTask } from '../../finetune/tasks/index.js';
import { raggedFrom, type BatchPlan, type Dataset } from '../../src/dataset/index.js';
import { planGroups } from '../../src/dataset/batches/plan.js';
import type { VisitSource } from '../../src/training/visit-source.js';

const day = (n: number): number => n * 24 * 60 * 60 * 1000;

interface Visit {
  patient: string;
  split?: 'train' | 'dev' | 'test';
  /** Days. */
  from: number;
  to: number;
  /** Days of the next admission in the store, and its type. */
  next?: [number, string?];
  type?: string;
  died?: boolean;
  charted?: number;
  dx?: number[];
  rx?: number[];
}

/** Vocabulary ids begin at 4; id 3 is a code outside it. */
function datasetOf(visits: readonly Visit[]): Dataset {
  const codes = (kind: 'dx' | 'rx') => raggedFrom(visits.map((visit) => visit[kind] ?? [4, 5]));
  const vocabulary = (system: string, names: string[]) => names.map((code, i) => ({ system, code, count: 9 - i }));
  const sequence = visits.map(({ patient }, row) => visits.slice(0, row).filter((other) => other.patient === patient).length);
  const splits = visits.map(({ split = 'train' }) => split);
  return {
    dir: 'data', size: visits.length,
    vocabulary: { kinds: { dx: vocabulary('icd10cm', ['I10', 'E11.9', 'N17.9']), rx: vocabulary('atc', ['A10B', 'C09A']), px: [] } },
    visitIds: visits.map((_, row) => `v${row}`), patientIds: visits.map(({ patient }) => patient), splits,
    labelled: new Uint8Array(visits.length).fill(1), sequence: Int32Array.from(sequence),
    admittedAt: Float64Array.from(visits, ({ from }) => day(from)), dischargedAt: Float64Array.from(visits, ({ to }) => day(to)),
    nextAdmittedAt: Float64Array.from(visits, ({ next }) => (next ? day(next[0]) : NaN)), nextAdmissionTypes: visits.map(({ next }) => next?.[1] ?? null),
    noteChartedAt: Float64Array.from(visits, ({ charted }) => (charted === undefined ? NaN : day(charted))),
    died: Int8Array.from(visits, ({ died }) => Number(died ?? false)), admissionTypes: visits.map(({ type }) => type ?? 'EMERGENCY'),
    tokens: raggedFrom(visits.map(() => [7, 8])), codes: { dx: codes('dx'), rx: codes('rx'), px: raggedFrom(visits.map(() => [])) },
    rowsOf: (split: string) => Int32Array.from(visits.keys()).filter((row) => splits[row] === split),
  } as unknown as Dataset;
}

const configOf = (overrides: object = {}): FinetuneConfig => finetuneSchema.parse(overrides);

describe('ICD coding', () => {
  it('counts labels over the training visits it uses, and codes outside the vocabulary as gold', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1, dx: [4, 6, 3] }, { patient: 'b', from: 0, to: 1, dx: [4] }, { patient: 'c', from: 0, to: 1, dx: [] }]);
    const task = openTask('icd-coding', { dataset, config: configOf(), seed: 1 });
    expect([...task.trainRows]).toEqual([0, 1]);
    expect(task.labels.map(({ code, count }) => [code, count])).toEqual([['I10', 2], ['E11.9', 0], ['N17.9', 1]]);
    expect([...task.matrixOf(Int32Array.of(0, -1, 1))]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 0]);
    expect([...task.goldCounts(Int32Array.of(0, 1))]).toEqual([3, 1]);
    expect(task.flow.train.map(({ step, visits, patients }) => [step, visits, patients])).toEqual([['labelled visits', 3, 3], ['with dx codes', 2, 2]]);
  });

  it('counts the labels alone as gold where a benchmark has a fixed list of them', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1, dx: [4, 6, 3] }, { patient: 'b', from: 0, to: 1, dx: [6] }]);
    const open = (labels: object) => openTask('icd-coding', { dataset, config: configOf({ labels }), seed: 1 });
    expect([...open({ top: 1 }).goldCounts(Int32Array.of(0, 1))]).toEqual([3, 1]);
    const fixed = open({ top: 1, gold: 'labels' });
    expect([...fixed.goldCounts(Int32Array.of(0, 1))]).toEqual([1, 0]);
    expect([...fixed.trainRows]).toEqual([0, 1]);
  });

  it('takes only labels within nodes of the hierarchy, and counts gold codes there only', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1, dx: [4, 6, 3] }, { patient: 'b', from: 0, to: 1, dx: [4] }, { patient: 'c', from: 0, to: 1, dx: [5, 6] }]);
    const open = (labels: object) => openTask('icd-coding', { dataset, config: configOf({ labels }), seed: 1 });
    const codes = (labels: object): string[] => open(labels).labels.map(({ code }) => code);
    expect(codes({ within: ['N00-N99'] })).toEqual(['N17.9']);
    expect(codes({ within: ['n17', 'E'] })).toEqual(['E11.9', 'N17.9']);
    expect(codes({ within: ['E11.9'] })).toEqual(['E11.9']);
    const kidneys = open({ within: ['N'] });
    expect([...kidneys.goldCounts(Int32Array.of(0, 1, 2))]).toEqual([1, 0, 1]);
    expect([...kidneys.trainRows]).toEqual([0, 1, 2]);
    // A code too rare to be a label still counts as gold.
    expect([...open({ within: ['E', 'N'], min_count: 8 }).goldCounts(Int32Array.of(0, 2))]).toEqual([1, 2]);
    const without = open({ within: ['N'], visits: 'with-label' });
    expect([...without.trainRows]).toEqual([0, 2]);
    expect(without.flow.train.at(-1)).toEqual({ step: 'with a label', visits: 2, patients: 2 });
  });

  it('takes labels from several kinds, the most frequent of all together', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1, dx: [4, 6], rx: [5] }, { patient: 'b', from: 0, to: 1, dx: [4], rx: [] }, { patient: 'c', from: 0, to: 1, dx: [], rx: [4, 3] }]);
    const open = (labels: object, inputs = ['text']) => openTask('icd-coding', { dataset, config: configOf({ labels, inputs }), seed: 1 });
    const both = open({ kinds: ['dx', 'rx'] });
    expect(both.labelKinds).toEqual(['dx', 'rx']);
    expect(both.labels.map(({ kind, code }) => `${kind} ${code}`)).toEqual(['dx I10', 'dx E11.9', 'dx N17.9', 'rx A10B', 'rx C09A']);
    expect([...both.trainRows]).toEqual([0, 1, 2]);
    expect([...both.matrixOf(Int32Array.of(0, -1, 2))]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect([...both.goldCounts(Int32Array.of(0, 1, 2))]).toEqual([3, 1, 2]);
    // Counts are 9, 8, 7 and 9, 8.
    expect(open({ kinds: ['rx', 'dx'], top: 3 }).labels.map(({ code }) => code)).toEqual(['A10B', 'C09A', 'I10']);
    expect(open({ kinds: ['dx', 'rx'], within: ['C09', 'N17'] }).labels.map(({ code }) => code)).toEqual(['N17.9', 'C09A']);
    expect(() => open({ kinds: ['dx', 'rx'] }, ['text', 'rx'])).toThrow(/finetune\.inputs: rx cannot be an input of ICD coding with finetune\.labels\.kinds dx, rx/);
    expect(configOf({ labels: { kind: 'px' } }).labels.kinds).toEqual(['px']);
    expect(() => configOf({ labels: { kind: 'px', kinds: ['dx'] } })).toThrow(/kind and kinds say the same/);
  });

  it('has codes that no training visit carries as labels, but does not learn that they are absent', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1, dx: [4, 5] }, { patient: 'b', from: 0, to: 1, dx: [4] }, { patient: 'c', split: 'dev', from: 0, to: 1, dx: [4, 6] }]);
    dataset.vocabulary.kinds.dx[2]!.count = 0;
    const open = (labels: object) => openTask('icd-coding', { dataset, config: configOf({ labels, inputs: ['text'] }), seed: 1 });
    expect(open({}).labels.map(({ code }) => code)).toEqual(['I10', 'E11.9']);
    expect(open({}).learnt).toBeUndefined();
    const task = open({ extra: true });
    expect(task.labels.map(({ code, count }) => [code, count])).toEqual([['I10', 2], ['E11.9', 1], ['N17.9', 0]]);
    expect([...task.learnt!]).toEqual([0, 1]);
    expect([...task.matrixOf(Int32Array.of(2))]).toEqual([1, 0, 1]);
    const plan: BatchPlan = { rows: Int32Array.of(2, 0), chunks: 1, text: 3, codes: {} } as never;
    const rows = { batch: 2, text: { chunks: 1, width: 3, ids: new Int32Array(6), mask: new Uint8Array(6), present: new Uint8Array(2) }, codes: {} };
    const labels = task.tensors(rows, { plan, targets: Uint8Array.of(1, 1) }).find(({ name }) => name === 'labels')!;
    expect([labels.shape, [...labels.data]]).toEqual([[2, 2], [1, 0, 1, 1]]);
  });

  it('opens heads that read the note only with the note as input', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1 }]);
    expect(openTask('icd-coding', { dataset, config: configOf({ head: { kind: 'laat' } }), seed: 1 }).inputs).toEqual(['text']);
    expect(openTask('icd-coding', { dataset, config: configOf(), seed: 1 }).inputs).toEqual(['text', 'rx']);
    expect(() => openTask('medication', { dataset, config: configOf({ head: { kind: 'laat' } }), seed: 1 })).toThrow(/laat is a head of icd-coding; for medication set label-attention or mlp/);
    expect(() => openTask('readmission', { dataset, config: configOf({ head: { label_embeddings: 'titles' } }), seed: 1 })).toThrow(/label_embeddings: titles is for icd-coding/);
  });

  it('names what lies near a node that holds no code', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1 }]);
    const open = (...within: string[]) => () => openTask('icd-coding', { dataset, config: configOf({ labels: { within } }), seed: 1 });
    expect(open('N1')).toThrow(/within: no code .* lies within N1; near it: N17, N17-N19/);
    expect(open('I', 'K00-K95')).toThrow(/lies within K00-K95; the chapters are E00-E89, I00-I99, N00-N99/);
  });

  it('refuses its own label as an input, and shots', () => {
    const dataset = datasetOf([{ patient: 'a', from: 0, to: 1 }]);
    expect(() => openTask('icd-coding', { dataset, config: configOf({ inputs: ['text', 'dx'] }), seed: 1 })).toThrow(/finetune\.inputs: dx cannot be an input/);
    expect(() => openTask('icd-coding', { dataset, config: configOf({ shots: 4 }), seed: 1 })).toThrow(/finetune\.shots/);
  });
});

describe('readmission', () => {
  const visits: Visit[] = [
    { patient: 'a', from: 0, to: 2, next: [32] }, // 30 days: readmitted
    { patient: 'a', from: 32, to: 33, next: [64] }, // 31 days: not
    { patient: 'a', from: 64, to: 65, next: [66, 'ELECTIVE'] }, // planned: not
    { patient: 'a', from: 66, to: 70, next: [69] }, // a transfer before discharge: not
    { patient: 'b', from: 0, to: 5, died: true },
    { patient: 'c', from: 0, to: 3, type: 'NEWBORN', next: [4] },
    { patient: 'd', from: 0, to: 3 },
    { patient: 'e', from: 90, to: 95, next: [96] }, // readmitted
  ];
  const open = (readmission: object = {}) => openTask('readmission', { dataset: datasetOf(visits), config: configOf({ readmission }), seed: 1 });

  it('is an unplanned admission from discharge to the end of the window', () => {
    const task = open();
    expect([...task.targets('train')]).toEqual([0, 1, 2, 3, 6, 7]);
    expect([...task.matrixOf(task.targets('train'))]).toEqual([1, 0, 0, 0, 0, 1]);
    expect(task.flow.train.map(({ step, visits: left }) => [step.trim(), left])).toEqual([
      ['labelled visits', 8], ['with a time of discharge', 8], ['not a newborn admission', 7], ['discharged alive', 6], ['of these readmitted', 2],
    ]);
  });

  it('is configuration', () => {
    const readmitted = (definition: object): number[] => {
      const task = open(definition);
      return [...task.targets('train')].filter((row) => task.matrixOf(Int32Array.of(row))[0]);
    };
    expect(readmitted({ window_days: 31 })).toEqual([0, 1, 7]);
    expect(readmitted({ ignore_elective: false })).toEqual([0, 2, 7]);
    expect(readmitted({ drop_newborns: false })).toEqual([0, 5, 7]);
    expect([...open({ drop_deaths: false }).targets('train')]).toContain(4);
    expect([...open({ censor_after: '1970-04-05' }).targets('train')]).toEqual([0, 1, 6]);
    expect([...open({ balance: 'one-to-one' }).targets('train')]).toHaveLength(4);
  });

  it('k shots are k of each kind, also on dev', () => {
    const many = Array.from({ length: 24 }, (_, i): Visit => ({ patient: `p${i}`, split: i < 12 ? 'train' : 'dev', from: 0, to: 1, next: i % 3 ? undefined : [5] }));
    const task = openTask('readmission', { dataset: datasetOf(many), config: configOf({ shots: 2 }), seed: 3 });
    for (const rows of [task.trainRows, task.devRows]) {
      expect(rows).toHaveLength(4);
      expect(task.matrixOf(rows).filter(Boolean)).toHaveLength(2);
    }
  });
});

describe('medication', () => {
  const visits: Visit[] = [
    { patient: 'a', from: 0, to: 2 },
    { patient: 'a', from: 10, to: 20 },
    { patient: 'a', from: 15, to: 30 }, // begins before the one before ends
    { patient: 'a', from: 40, to: 41, rx: [] },
    { patient: 'a', from: 50, to: 51 },
    { patient: 'b', from: 0, to: 1 },
    { patient: 'c', from: 0, to: 1, charted: 9 }, // charted after the next visit began
    { patient: 'c', from: 5, to: 6 },
  ];
  const dataset = datasetOf(visits);

  it('predicts for visits with medications and a past that was over and written down', () => {
    const task = openTask('medication', { dataset, config: configOf(), seed: 1 });
    expect([...task.targets('train')]).toEqual([1, 2, 4]);
    expect(task.historyOf(2)).toEqual([0]);
    expect(task.historyOf(4)).toEqual([0, 1, 2, 3]);
    expect(openTask('medication', { dataset, config: configOf({ medication: { max_history: 2 } }), seed: 1 }).historyOf(4)).toEqual([2, 3]);
  });

  const sourceOf = (batchSize: number): VisitSource => ({
    batchSize,
    planGroups: (groups: readonly (readonly number[])[], shuffle?: { seed: number; epoch: number }): BatchPlan[] =>
      planGroups(dataset, groups, { batchSize, chunking: { window: 8, overlap: 0, maxTokens: 8 }, textBuckets: [{ chunks: 1, width: 8 }], codeWidths: { dx: 4, rx: 4, px: 1 }, shuffle }),
  }) as unknown as VisitSource;

  it.each([5, 6, 8, 20])('batches of %i hold each target once, with its whole past and nothing else as past', (batchSize) => {
    const task = openTask('medication', { dataset, config: configOf(), seed: 1 });
    for (const shuffle of [undefined, { seed: 1, epoch: 2 }]) {
      const seen = planHistories(sourceOf(batchSize), task.targets('train'), task.historyOf, shuffle).flatMap(({ plan, targets, past }) =>
        [...plan.rows].flatMap((row, at) => {
          const weights = [...past!.subarray(at * batchSize, (at + 1) * batchSize)];
          expect(weights.flatMap((weight, place) => (weight ? [plan.rows[place]] : []))).toEqual(targets[at] ? task.historyOf(row) : []);
          expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(targets[at] ?? NaN);
          return targets[at] ? [row] : [];
        }));
      expect(seen.sort((a, b) => a - b)).toEqual([1, 2, 4]);
    }
  });

  it('says so when a batch cannot hold a visit and its past', () => {
    const task = openTask('medication', { dataset, config: configOf(), seed: 1 });
    expect(() => planHistories(sourceOf(4), task.targets('train'), task.historyOf)).toThrow(/finetune\.training\.batch_size: 4 visits cannot hold/);
  });

  it('the released history has the visit\'s own medications among its past from three visits on', () => {
    const released = openTask('medication', { dataset, config: configOf({ medication: { history: 'released' } }), seed: 1 });
    const [batch] = planHistories(sourceOf(8), Int32Array.of(1, 4), released.historyOf);
    const text = { chunks: 1, width: 2, ids: new Int32Array(16), mask: new Uint8Array(16), present: new Uint8Array(8) };
    const codes = { width: 1, ids: new Int32Array(8), mask: new Uint8Array(8), present: new Uint8Array(8) };
    const tensors = released.tensors({ batch: 8, text, codes: { dx: codes, rx: codes } }, batch!);
    const own = tensors.find(({ name }) => name === 'past.rx')!.data;
    const at = batch!.plan.rows.indexOf(4);
    expect([...own.subarray(at * 8, (at + 1) * 8)].filter((weight) => (weight as number) > 0)).toEqual([0, 1, 2, 3, 4].map(() => Math.fround(0.2)));
  });
});

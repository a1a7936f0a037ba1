/** The ceiling's columns: which posterior stands for which inputs, and where there is none. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ceilingScores, type CeilingOptions } from '../../../finetune/evaluation/ceiling.js';
import type { Score } from '../../../src/synth/bayes/scores.js';
import { openCeiling } from '../../../src/synth/ceiling.js';
import { smallDataset } from './small-dataset.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-ceiling-'));
const dataset = smallDataset();
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** Each posterior's probability tells which it is. */
const marks = { text: 0.1, codes: 0.2, 'text+codes': 0.3 } as const;
const scoresOf = (label: Partial<Score>, factor: number): Score[] => Object.entries(marks).map(([inputs, probability]) => ({ inputs: inputs as Score['inputs'], probability: factor * probability, ...label }));

beforeAll(async () => {
  fs.mkdirSync(path.join(dir, 'ceiling'), { recursive: true });
  const writer = openCeiling(dir);
  dataset.visitIds.forEach((id, row) => writer.visit(id, {
    icdCoding: scoresOf({ system: 'icd10cm', code: 'I10' }, row ? 1 : 2),
    readmission: row === 2 ? [] : scoresOf({}, 1),
    medication: [...scoresOf({ system: 'atc', code: 'A10B' }, 1), ...scoresOf({ system: 'atc', code: 'A10BA02' }, 3)].filter(({ inputs }) => inputs !== 'text'),
  }));
  await writer.close();
});

const labels = { 'icd-coding': [{ system: 'icd10cm', code: 'I10' }], readmission: [{ system: 'task', code: 'readmitted' }], medication: [{ system: 'atc', code: 'A10BA02' }, { system: 'atc', code: 'A10B' }] };
const ceiling = (task: CeilingOptions['task'], inputs: string[], change: Partial<CeilingOptions> = {}) => ceilingScores(dir, dataset, { task, labels: labels[task], inputs, current: ['dx'], ...change });

describe('ceilingScores', () => {
  it.each([
    ['icd-coding', ['text'], 'ceiling (text)', [0.2, 0.1]],
    ['icd-coding', ['rx'], 'ceiling (codes)', [0.4, 0.2]],
    ['icd-coding', ['rx', 'text'], 'ceiling (text + codes)', [0.6, 0.3]],
    ['readmission', ['dx', 'rx', 'px'], 'ceiling (codes)', [0.2, 0]],
    ['readmission', ['text'], 'ceiling (text)', [0.1, 0]],
    ['readmission', ['text', 'rx'], 'ceiling (text + codes)', [0.3, 0]],
    ['medication', ['text', 'dx', 'rx'], 'ceiling (text + codes)', [0.9, 0.3, 0.9, 0.3]],
    ['medication', ['rx'], 'ceiling (codes)', [0.6, 0.2, 0.6, 0.2]],
  ] as const)('of %s from %j is %s', async (task, inputs, name, expected) => {
    const found = await ceiling(task, [...inputs]);
    expect(Object.keys(found)).toEqual([name]);
    const values = found[name]!(Int32Array.of(0, 2));
    expect(values.length).toBe(expected.length);
    expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
  });

  it('refuses runs that read more than any posterior is given', async () => {
    await expect(ceiling('icd-coding', ['text', 'px'])).rejects.toThrow(/reads px, which the ceiling of icd-coding is not given/);
    await expect(ceiling('medication', ['rx'], { current: ['dx', 'text'] })).rejects.toThrow(/reads text, which the ceiling of medication is not given/);
  });

  it('refuses other labels, other codes and other visits', async () => {
    await expect(ceiling('icd-coding', ['text'], { labels: [{ system: 'icd9proc', code: '36.15' }] })).rejects.toThrow(/known for icd9cm and icd10cm labels of icd-coding, this run predicts icd9proc/);
    await expect(ceiling('icd-coding', ['text'], { labels: [{ system: 'icd10cm', code: 'I1' }] })).rejects.toThrow(/lacks 1 of the 1 labels, such as icd10cm:I1/);
    await expect(ceilingScores(dir, { ...dataset, visitIds: dataset.visitIds.map((id) => `x${id}`) }, { task: 'readmission', labels: labels.readmission, inputs: ['dx'], current: [] })).rejects.toThrow(/none of the visits of small/);
    await expect(ceilingScores(path.join(dir, 'none'), dataset, { task: 'readmission', labels: labels.readmission, inputs: ['dx'], current: [] })).rejects.toThrow(/no such file/);
  });
});

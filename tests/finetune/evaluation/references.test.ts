/** References of each task: which rows there are, what they read, and that they learn it. */
import { describe, expect, it } from 'vitest';
import { fitFeatures } from '../../../finetune/baselines/features.js';
import { denseRow } from '../../../finetune/baselines/csr.js';
import { fitReferences, type ReferenceOptions } from '../../../finetune/evaluation/references.js';
import { silentLogger } from '../../../src/core/log.js';
import { raggedFrom } from '../../../src/dataset/index.js';
import { matrixOfKind, PATIENTS, smallDataset } from './small-dataset.js';

const dataset = smallDataset();
const firstVisits = Int32Array.from({ length: PATIENTS }, (_, p) => 2 * p);
const secondVisits = firstVisits.map((row) => row + 1);
const pastOf = (row: number): number[] => (row % 2 ? [row - 1] : []);

const options = (change: Partial<ReferenceOptions>): ReferenceOptions => ({
  task: 'icd-coding',
  dataset,
  inputs: ['text', 'rx'],
  current: ['dx'],
  matrixOf: matrixOfKind(dataset, 'dx'),
  L: 2,
  trainRows: firstVisits,
  historyOf: () => [],
  log: silentLogger(),
  ...change,
});
const medication = (change: Partial<ReferenceOptions> = {}) => options({ task: 'medication', inputs: ['text', 'dx', 'rx'], matrixOf: matrixOfKind(dataset, 'rx'), L: 3, trainRows: secondVisits, historyOf: pastOf, ...change });

describe('references', () => {
  it('are those whose inputs the model reads', () => {
    expect(Object.keys(fitReferences(options({})))).toEqual(['label frequency', 'logistic regression (codes)', 'logistic regression (text)', 'logistic regression (text + codes)']);
    expect(Object.keys(fitReferences(options({ inputs: ['rx'] })))).toEqual(['label frequency', 'logistic regression (codes)']);
    const noNotes = { ...dataset, tokens: raggedFrom(dataset.visitIds.map(() => [])) };
    expect(Object.keys(fitReferences(options({ dataset: noNotes })))).toEqual(['label frequency', 'logistic regression (codes)']);
    expect(Object.keys(fitReferences(medication()))).toContain('previous medications');
  });

  it.each(['codes', 'text', 'text + codes'])('logistic regression (%s) learns what its inputs tell', (family) => {
    const scores = fitReferences(options({}))[`logistic regression (${family})`]!(secondVisits);
    secondVisits.forEach((_, p) => {
      expect(scores[2 * p]! > 0.5).toBe(p % 2 === 0);
      expect(scores[2 * p + 1]! > 0.5).toBe(p % 2 === 1);
    });
  });

  it('recommend the medications of the visit before, none where there is none', () => {
    const previous = fitReferences(medication())['previous medications']!;
    expect([...previous(Int32Array.of(1, 3, 2))]).toEqual([1, 0, 1, /**/ 1, 0, 0, /**/ 0, 0, 0]);
  });
});

describe('features', () => {
  const rowsOf = (change: Partial<ReferenceOptions>, family: string) => {
    const X = fitFeatures(medication(change), secondVisits)[family]!(secondVisits);
    return Array.from({ length: X.rows }, (_, row) => [...denseRow(X, row)]);
  };

  it('of a medication never hold the codes of the visit, but for what is current', () => {
    const before = rowsOf({ current: [] }, 'codes');
    const changed = { ...dataset, codes: { ...dataset.codes, rx: raggedFrom(dataset.visitIds.map((_, row) => (row % 2 ? [4, 5, 6] : [...dataset.codes.rx.row(row)]))) } };
    expect(rowsOf({ dataset: changed, current: [] }, 'codes')).toEqual(before);
    expect(rowsOf({ dataset: changed, current: ['dx'] }, 'codes')).toEqual(rowsOf({ current: ['dx'] }, 'codes'));
    expect(rowsOf({ inputs: [], current: ['dx'] }, 'codes').map((row) => row.map((value) => (value ? 1 : 0)))).toEqual(Array.from({ length: PATIENTS }, (_, p) => (p % 2 ? [0, 1] : [1, 0])));
  });

  it('count past visits, ignore codes outside the vocabulary, and have a mean squared length of 1', () => {
    const twice = medication({ inputs: ['dx'], current: [], historyOf: (row) => (row === 1 ? [row - 1, row - 1] : pastOf(row)), dataset: { ...dataset, codes: { ...dataset.codes, dx: raggedFrom(dataset.visitIds.map((_, row) => [3, ...dataset.codes.dx.row(row)])) } } });
    const X = fitFeatures(twice, secondVisits)['codes']!(secondVisits);
    const [first, , third] = [denseRow(X, 0), denseRow(X, 1), denseRow(X, 2)];
    expect(first[0]! / third[0]!).toBeCloseTo(Math.log(3) / Math.log(2), 6);
    expect(X.columns).toBe(2);
    expect(X.values.reduce((sum, value) => sum + value ** 2, 0) / X.rows).toBeCloseTo(1, 6);
  });
});

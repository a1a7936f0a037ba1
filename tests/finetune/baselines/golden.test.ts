/** TF-IDF and logistic regression against scikit-learn (tests/fixtures/baselines/make_golden.py). */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnBlocks } from '../../../finetune/baselines/column-block.js';
import { fitLogistic, logisticDefaults, type LogisticOptions } from '../../../finetune/baselines/logistic.js';
import { fitOneVsRest, scoreLabels } from '../../../finetune/baselines/one-vs-rest.js';
import { fitTfidf, type TfidfOptions } from '../../../finetune/baselines/tfidf.js';
import { denseRow } from '../../../finetune/baselines/csr.js';

interface Golden {
  train: string[];
  test: string[];
  labels: number[][];
  tfidf: Record<string, { options: TfidfOptions; terms: string[]; idf: number[]; test: number[][] }>;
  logistic: { features: string; options: Partial<LogisticOptions>; weights: number[][]; intercepts: number[]; probabilities: number[][] }[];
}

const golden = JSON.parse(fs.readFileSync(new URL('../../fixtures/baselines/golden.json', import.meta.url), 'utf8')) as Golden;
const { train, test, labels } = golden;
const L = labels[0]!.length;

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));
}

describe.each(Object.entries(golden.tfidf))('TF-IDF of %s', (_, { options, terms, idf, test: expected }) => {
  const fitted = fitTfidf(train, options);

  /** scikit-learn's columns are in alphabetical order. */
  const inOrder = terms.map((term) => fitted.terms.indexOf(term));

  it('has the same terms and inverse document frequencies', () => {
    expect(fitted.terms.toSorted()).toEqual(terms);
    expectClose(inOrder.map((column) => fitted.idf[column]!), idf, 12);
  });

  it('transforms new texts, unknown words and the empty text alike', () => {
    const X = fitted.transform(test);
    expected.forEach((row, i) => {
      const dense = denseRow(X, i);
      expectClose(inOrder.map((column) => dense[column]!), row, 7);
    });
  });
});

describe.each(golden.logistic)('logistic regression on $features, $options', ({ features, options, weights, intercepts, probabilities }) => {
  const tfidf = fitTfidf(train, golden.tfidf[features]!.options);
  const X = tfidf.transform(train);

  it('has the same coefficients', () => {
    const targets = Array.from({ length: L }, (_, label) => Uint8Array.from(labels, (row) => row[label]!));
    const models = fitLogistic({ columns: X.columns, blocks: columnBlocks(X), targets, options: { ...logisticDefaults, ...options, tolerance: 1e-7 } });
    expect(models.converged).toEqual(new Array(L).fill(true));
    const { terms } = golden.tfidf[features]!;
    for (let label = 0; label < L; label++) {
      const own = models.weights.subarray(label * X.columns, (label + 1) * X.columns);
      expectClose(terms.map((term) => own[tfidf.terms.indexOf(term)]!), weights[label]!, 4);
      expect(models.intercepts[label]).toBeCloseTo(intercepts[label]!, 4);
    }
  });

  it('has the same probabilities at the default tolerance', () => {
    const ids = labels.map((row) => row.flatMap((flag, label) => (flag ? [label] : [])));
    const model = fitOneVsRest(X, ids, L, options);
    expect(model.unconverged).toBe(0);
    expectClose(scoreLabels(tfidf.transform(test), model), probabilities.flat(), 3);
  });
});

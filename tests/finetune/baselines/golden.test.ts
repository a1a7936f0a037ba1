/** TF-IDF and logistic regression against scikit-learn (tests/fixtures/baselines/make_golden.py). */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sparseDesign } from '../../../finetune/baselines/design.js';
import { LANES } from '../../../finetune/baselines/lanes.js';
import { fitLogistic } from '../../../finetune/baselines/logistic.js';
import { fitOneVsRest } from '../../../finetune/baselines/one-vs-rest.js';
import { fitTfidf, type TfidfOptions } from '../../../finetune/baselines/tfidf.js';
import { denseRow } from '../../../finetune/baselines/csr.js';

interface Golden {
  train: string[];
  test: string[];
  labels: number[][];
  tfidf: Record<string, { options: TfidfOptions; terms: string[]; idf: number[]; test: number[][] }>;
  logistic: { features: string; C: number; weights: number[][]; intercepts: number[]; probabilities: number[][] }[];
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

  it('has the same terms and inverse document frequencies', () => {
    expect([...fitted.vocabulary.keys()]).toEqual(terms);
    expect([...fitted.vocabulary.values()]).toEqual(terms.map((_term, column) => column));
    expectClose(fitted.idf, idf, 12);
  });

  it('transforms new texts, unknown words and the empty text alike', () => {
    const X = fitted.transform(test);
    expected.forEach((row, i) => expectClose(denseRow(X, i), row, 11));
  });
});

describe.each(golden.logistic)('logistic regression on $features, C = $C', ({ features, C, weights, intercepts, probabilities }) => {
  const tfidf = fitTfidf(train, golden.tfidf[features]!.options);
  const X = tfidf.transform(train);

  it('has the same coefficients', () => {
    const models = fitLogistic(sparseDesign(X), Array.from({ length: L }, (_, label) => Uint8Array.from(labels, (row) => row[label]!)), { C, tolerance: 1e-7 });
    expect(models.converged).toEqual(new Array(L).fill(true));
    for (let label = 0; label < L; label++) {
      expectClose(models.weights.filter((_, i) => i % LANES === label), weights[label]!, 4);
      expect(models.intercepts[label]).toBeCloseTo(intercepts[label]!, 4);
    }
  });

  it('has the same probabilities at the default tolerance', () => {
    const ids = labels.map((row) => row.flatMap((flag, label) => (flag ? [label] : [])));
    const model = fitOneVsRest(X, ids, L, { C });
    expect(model.unconverged).toBe(0);
    expectClose(model.scores(tfidf.transform(test)), probabilities.flat(), 3);
  });
});

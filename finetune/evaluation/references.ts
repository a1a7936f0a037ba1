/** Reference coders that every result stands beside: how far a blind guess, and a bag of words, go on the same split. */
import type { Dataset } from '../../src/dataset/index.js';
import { fitLabelFrequency } from '../baselines/label-frequency.js';
import { fitOneVsRest } from '../baselines/one-vs-rest.js';
import { fitTfidf } from '../baselines/tfidf.js';
import { labelMatrix, type CodingLabels } from '../tasks/icd-coding.js';
import { noteTexts } from './note-text.js';

export interface ReferenceOptions {
  dataset: Dataset;
  labels: CodingLabels;
  /** Training visits to learn from. */
  trainRows: Int32Array;
  /** Inverse strength of the L2 penalty; the default was chosen by cross-validation on CodiEsp's training set (docs/metrics.md). */
  C?: number;
}

/** @returns name → a function from rows of the data set to scores [V, L] */
export function fitReferences({ dataset, labels, trainRows, C = 10_000 }: ReferenceOptions): Record<string, (rows: Int32Array) => Float32Array> {
  const L = labels.rows.length;
  const targets = labelLists(labelMatrix(dataset, trainRows, labels), L);
  const frequency = fitLabelFrequency(targets, L);
  const references: Record<string, (rows: Int32Array) => Float32Array> = { 'label frequency': (rows) => frequency(rows.length) };
  const textOf = noteTexts(dataset);
  const texts = (rows: Int32Array): string[] => Array.from(rows, textOf);
  if (trainRows.some((row) => dataset.tokens.lengthOf(row) > 0)) {
    const tfidf = fitTfidf(texts(trainRows), { minDf: 3, sublinear: true, maxFeatures: 200_000 });
    const model = fitOneVsRest(tfidf.transform(texts(trainRows)), targets, L, { C });
    references['TF-IDF + logistic regression'] = (rows) => model.scores(tfidf.transform(texts(rows)));
  }
  return references;
}

function labelLists(matrix: Uint8Array, L: number): number[][] {
  return Array.from({ length: matrix.length / L }, (_, v) => {
    const row = matrix.subarray(v * L, (v + 1) * L);
    return Array.from(row.keys()).filter((label) => row[label]);
  });
}

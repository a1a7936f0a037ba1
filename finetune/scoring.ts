/** Probabilities of every label for rows of a data set, whatever the batches were. */
import type { Dataset } from '../src/dataset/index.js';
import type { LabelMatrix } from '../src/metrics/matrix.js';
import type { Forward } from '../src/training/forward.js';
import type { VisitSource } from '../src/training/visit-source.js';
import { codingBatch, goldCounts, labelMatrix, type CodingLabels } from './tasks/icd-coding.js';

export interface Scored extends LabelMatrix {
  /** Rows of the data set, in the order of the matrix. */
  rows: Int32Array;
  goldCounts: Int32Array;
}

export interface ScoringOptions {
  dataset: Dataset;
  source: VisitSource;
  labels: CodingLabels;
  inputs: readonly string[];
  forward: Forward;
}

/** The gold of rows, to score anything against. */
export const goldOf = (dataset: Dataset, rows: Int32Array, labels: CodingLabels): Omit<Scored, 'scores'> => ({
  rows,
  labels: labelMatrix(dataset, rows, labels),
  goldCounts: goldCounts(dataset, rows, labels),
  V: rows.length,
  L: labels.rows.length,
});

/** @returns scores [V, L] in the order of `rows` */
export async function scoreRows(rows: Int32Array, { dataset, source, labels, inputs, forward }: ScoringOptions): Promise<Scored> {
  const L = labels.rows.length;
  const scores = new Float32Array(rows.length * L);
  const position = new Map(Array.from(rows, (row, v) => [row, v]));
  for (const plan of source.plan(rows)) {
    const { probabilities } = await forward.run(codingBatch(await source.load(plan), plan.rows, { dataset, labels, inputs }));
    plan.rows.forEach((row, b) => {
      if (row >= 0) scores.set(probabilities!.subarray(b * L, (b + 1) * L), position.get(row)! * L);
    });
  }
  return { ...goldOf(dataset, rows, labels), scores };
}

/** Scores of positives and of negatives, each sorted: all that ROC and precision–recall curves need. */
import type { LabelMatrix, Scores } from './matrix.js';

export interface Separation {
  /** Ascending. */
  positives: Scores;
  /** Ascending. */
  negatives: Scores;
}

/** Which cells of the flattened matrix to take: `count` of them from `start`, every `stride`-th. */
interface Slice {
  start: number;
  stride: number;
  count: number;
}

/** Native typed-array sorts of two plain lists are far faster than sorting indices by score. */
function separate({ scores, labels }: LabelMatrix, { start, stride, count }: Slice): Separation {
  const empty = (length: number): Scores => (scores instanceof Float32Array ? new Float32Array(length) : new Float64Array(length));
  let positiveCount = 0;
  for (let i = start, n = 0; n < count; n++, i += stride) positiveCount += labels[i]!;
  const positives = empty(positiveCount);
  const negatives = empty(count - positiveCount);
  for (let i = start, n = 0, p = 0, q = 0; n < count; n++, i += stride) {
    if (labels[i]) positives[p++] = scores[i]!;
    else negatives[q++] = scores[i]!;
  }
  return { positives: positives.sort(), negatives: negatives.sort() };
}

/** All cells of the matrix, pooled. */
export const separateAll = (matrix: LabelMatrix): Separation => separate(matrix, { start: 0, stride: 1, count: matrix.V * matrix.L });

/** One label over all visits. */
export const separateLabel = (matrix: LabelMatrix, label: number): Separation =>
  separate(matrix, { start: label, stride: matrix.L, count: matrix.V });

/** One visit over all labels. */
export const separateVisit = (matrix: LabelMatrix, visit: number): Separation =>
  separate(matrix, { start: visit * matrix.L, stride: 1, count: matrix.L });

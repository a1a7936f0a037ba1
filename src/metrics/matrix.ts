/** The input of the metrics: a dense matrix of scores with the gold labels beside it, checked once at the door. */
import { numericError, shapeError } from '../core/errors.js';

export type Scores = Float32Array | Float64Array;

/** V visits × L labels, row-major. Every metric sees the whole matrix at once, so none depends on a batch size. */
export interface LabelMatrix {
  /** [V * L] */
  scores: Scores;
  /** [V * L], 0 or 1 */
  labels: Uint8Array;
  V: number;
  L: number;
}

/** @throws shape error when an array does not hold V × L values; numeric error on a NaN score */
export function checkMatrix({ scores, labels, V, L }: LabelMatrix): void {
  if (!Number.isInteger(V) || !Number.isInteger(L) || V < 1 || L < 1) {
    throw shapeError(`metrics: expected at least one visit and one label, got V=${V}, L=${L}`);
  }
  for (const [name, array] of Object.entries({ scores, labels })) {
    if (array.length !== V * L) throw shapeError(`metrics: ${name} should hold V × L = ${V} × ${L} = ${V * L} values, got ${array.length}`);
  }
  const at = scores.findIndex(Number.isNaN);
  if (at >= 0) throw numericError(`metrics: the score of visit ${Math.floor(at / L)}, label ${at % L} is NaN; the model diverged or its input is damaged`);
}

/** Number of gold labels of each visit inside the label space, [V]. */
export function goldInside({ labels, V, L }: LabelMatrix): Int32Array {
  const counts = new Int32Array(V);
  for (let v = 0, i = 0; v < V; v++) for (let l = 0; l < L; l++) counts[v]! += labels[i++]!;
  return counts;
}

/** Checks that `goldCounts` [V] covers at least the gold labels inside the label space. */
export function checkGoldCounts(matrix: LabelMatrix, goldCounts: Int32Array): void {
  if (goldCounts.length !== matrix.V) throw shapeError(`metrics: goldCounts should hold V = ${matrix.V} values, got ${goldCounts.length}`);
  const inside = goldInside(matrix);
  const at = inside.findIndex((count, v) => count > goldCounts[v]!);
  if (at >= 0) throw shapeError(`metrics: goldCounts of visit ${at} is ${goldCounts[at]}, fewer than its ${inside[at]} gold labels inside the label space`);
}

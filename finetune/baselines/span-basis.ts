/**
 * Coordinates of texts in an orthonormal basis of the span of the training texts.
 *
 * A linear model with an L2 penalty has its weights in that span, so with fewer texts than features it can be fitted in these
 * coordinates instead, exactly: 500 dense numbers a text in place of 50,000 sparse ones, for each of thousands of labels.
 */
import { type Csr, denseRow, dotRow } from './csr.js';

export interface SpanBasis {
  /** Dimension of the span, at most the number of training texts. */
  rank: number;
  /** Coordinates of the rows of a matrix with the same features, [rows * rank]; what lies outside the span is dropped. */
  coordinates(matrix: Csr): Float64Array;
}

/** Rows whose squared distance from the span so far is below this share of the longest row's square add nothing. */
const RELATIVE_TOLERANCE = 1e-10;

/** Gram–Schmidt over the rows, the one furthest from the span so far first (Cholesky factorisation of X Xᵀ with pivoting). */
export function fitSpanBasis(training: Csr): SpanBasis {
  const { rows } = training;
  const coordinates = new Float64Array(rows * rows); // column k holds the coordinates along basis vector k
  const distances = squaredLengths(training);
  const floor = RELATIVE_TOLERANCE * Math.max(...distances);
  const pivots: number[] = [];
  for (let pivot = furthest(distances); pivots.length < rows && distances[pivot]! > floor; pivot = furthest(distances)) {
    const k = pivots.push(pivot) - 1;
    const length = Math.sqrt(distances[pivot]!);
    innerProducts(training, { with: training, row: pivot }, (i, product) => {
      const value = (product - dot(coordinates, i * rows, pivot * rows, k)) / length;
      coordinates[i * rows + k] = value;
      distances[i]! -= value * value;
    });
    distances[pivot] = -Infinity; // its exact distance is 0; never pick it again through rounding
  }
  return { rank: pivots.length, coordinates: (matrix) => project(matrix, { training, pivots, coordinates }) };
}

interface Factor {
  training: Csr;
  /** The training rows that span the others. */
  pivots: readonly number[];
  /** [rows * rows] of the training rows; those of the pivots form a lower triangle. */
  coordinates: Float64Array;
}

/** Forward substitution: the k-th coordinate is what the k-th pivot sees beyond the coordinates before it. */
function project(matrix: Csr, { training, pivots, coordinates }: Factor): Float64Array {
  const rank = pivots.length;
  const projected = new Float64Array(matrix.rows * rank);
  pivots.forEach((pivot, k) => {
    const triangleRow = coordinates.subarray(pivot * training.rows, pivot * training.rows + k + 1);
    innerProducts(matrix, { with: training, row: pivot }, (i, product) => {
      let rest = product;
      for (let j = 0; j < k; j++) rest -= projected[i * rank + j]! * triangleRow[j]!;
      projected[i * rank + k] = rest / triangleRow[k]!;
    });
  });
  return projected;
}

/** Inner products of every row of `matrix` with one row of another. */
function innerProducts(matrix: Csr, other: { with: Csr; row: number }, use: (i: number, product: number) => void): void {
  const dense = denseRow(other.with, other.row);
  for (let i = 0; i < matrix.rows; i++) use(i, dotRow(matrix, i, dense));
}

function dot(values: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let j = 0; j < length; j++) sum += values[a + j]! * values[b + j]!;
  return sum;
}

const squaredLengths = ({ rows, offsets, values }: Csr): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values.subarray(offsets[i], offsets[i + 1]).reduce((sum, value) => sum + value * value, 0));

const furthest = (distances: Float64Array): number => distances.reduce((best, distance, i) => (distance > distances[best]! ? i : best), 0);

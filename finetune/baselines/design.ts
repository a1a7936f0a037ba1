/** The design matrix of a linear model, seen only through its products with laned vectors. */
import { type Csr, transpose } from './csr.js';
import { LANES } from './lanes.js';

export interface Design {
  rows: number;
  columns: number;
  /** X w. @param weights laned, [columns * LANES] @param out laned, [rows * LANES], overwritten */
  multiply(weights: Float64Array, out: Float64Array): void;
  /** Xᵀ r. @param residuals laned, [rows * LANES] @param out laned, [columns * LANES], overwritten */
  multiplyTransposed(residuals: Float64Array, out: Float64Array): void;
  /** Σᵢ xᵢⱼ², [columns]. */
  squares: Float64Array;
}

/** Keeps the transposed matrix too, so that both products gather instead of scattering. */
export function sparseDesign(matrix: Csr): Design {
  const transposed = transpose(matrix);
  const squares = Float64Array.from({ length: matrix.columns }, (_, j) =>
    transposed.values.subarray(transposed.offsets[j], transposed.offsets[j + 1]).reduce((sum, value) => sum + value * value, 0));
  return {
    rows: matrix.rows,
    columns: matrix.columns,
    multiply: (weights, out) => multiplyLanes(matrix, weights, out),
    multiplyTransposed: (residuals, out) => multiplyLanes(transposed, residuals, out),
    squares,
  };
}

/** X w: eight sums in registers for each row. @param from laned, [columns * LANES] @param out laned, [rows * LANES], overwritten */
export function multiplyLanes({ rows, offsets, indices, values }: Csr, from: Float64Array, out: Float64Array): void {
  for (let i = 0, k = 0; i < rows; i++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (const end = offsets[i + 1]!; k < end; k++) {
      const value = values[k]!;
      const at = indices[k]! * LANES;
      a += value * from[at]!;
      b += value * from[at + 1]!;
      c += value * from[at + 2]!;
      d += value * from[at + 3]!;
      e += value * from[at + 4]!;
      f += value * from[at + 5]!;
      g += value * from[at + 6]!;
      h += value * from[at + 7]!;
    }
    const to = i * LANES;
    out[to] = a;
    out[to + 1] = b;
    out[to + 2] = c;
    out[to + 3] = d;
    out[to + 4] = e;
    out[to + 5] = f;
    out[to + 6] = g;
    out[to + 7] = h;
  }
}

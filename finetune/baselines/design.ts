/** Design matrices of a linear model, dense or sparse, seen only through their products with vectors. */
import { type Csr, dotRow } from './csr.js';

export interface Design {
  rows: number;
  columns: number;
  /** X w. @param weights [columns] @param out [rows], overwritten */
  multiply(weights: Float64Array, out: Float64Array): void;
  /** Xᵀ r. @param residuals [rows] @param out [columns], overwritten */
  multiplyTransposed(residuals: Float64Array, out: Float64Array): void;
}

export const sparseDesign = (matrix: Csr): Design => ({
  rows: matrix.rows,
  columns: matrix.columns,
  multiply(weights, out) {
    for (let i = 0; i < matrix.rows; i++) out[i] = dotRow(matrix, i, weights);
  },
  multiplyTransposed(residuals, out) {
    const { offsets, indices, values } = matrix;
    out.fill(0);
    for (let i = 0; i < matrix.rows; i++) {
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) out[indices[k]!]! += residuals[i]! * values[k]!;
    }
  },
});

/** @param values [rows * columns], row-major */
export const denseDesign = (values: Float64Array, rows: number, columns: number): Design => ({
  rows,
  columns,
  multiply(weights, out) {
    for (let i = 0, k = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += values[k++]! * weights[j]!;
      out[i] = sum;
    }
  },
  multiplyTransposed(residuals, out) {
    out.fill(0);
    for (let i = 0, k = 0; i < rows; i++) {
      const residual = residuals[i]!;
      for (let j = 0; j < columns; j++) out[j]! += residual * values[k++]!;
    }
  },
});

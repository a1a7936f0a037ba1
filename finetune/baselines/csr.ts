/** Compressed sparse rows: the matrices of the bag-of-words baseline, F features wide. */

export interface Csr {
  rows: number;
  columns: number;
  /** [rows + 1]: where each row starts in `indices` and `values`. */
  offsets: Int32Array;
  /** Columns of the entries, each at most once in a row. */
  indices: Int32Array;
  values: Float32Array;
}

/** Builds a matrix from the entries of each row. */
export function csrFromRows(rows: readonly ReadonlyMap<number, number>[], columns: number): Csr {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.size));
  const indices = new Int32Array(offsets[rows.length]!);
  const values = new Float32Array(offsets[rows.length]!);
  rows.forEach((row, i) => {
    const sorted = [...row].sort(([a], [b]) => a - b);
    indices.set(sorted.map(([column]) => column), offsets[i]);
    values.set(sorted.map(([, value]) => value), offsets[i]);
  });
  return { rows: rows.length, columns, offsets, indices, values };
}

/** One row as a dense vector, [F]. */
export function denseRow({ columns, offsets, indices, values }: Csr, row: number): Float64Array {
  const dense = new Float64Array(columns);
  for (let k = offsets[row]!; k < offsets[row + 1]!; k++) dense[indices[k]!] = values[k]!;
  return dense;
}

/** The matrix with rows and columns exchanged. */
export function transpose({ rows, columns, offsets, indices, values }: Csr): Csr {
  const starts = new Int32Array(columns + 1);
  for (const column of indices) starts[column + 1]!++;
  for (let column = 0; column < columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const transposed = { rows: columns, columns: rows, offsets: starts, indices: new Int32Array(indices.length), values: new Float32Array(values.length) };
  for (let row = 0; row < rows; row++) {
    for (let k = offsets[row]!; k < offsets[row + 1]!; k++) {
      const at = next[indices[k]!]!++;
      transposed.indices[at] = row;
      transposed.values[at] = values[k]!;
    }
  }
  return transposed;
}

/** Matrices of the same rows side by side, each times its factor. */
export function besides(blocks: readonly { matrix: Csr; factor: number }[]): Csr {
  const rows = blocks[0]!.matrix.rows;
  const entries = blocks.reduce((sum, { matrix }) => sum + matrix.values.length, 0);
  const joined = { rows, columns: 0, offsets: new Int32Array(rows + 1), indices: new Int32Array(entries), values: new Float32Array(entries) };
  for (let row = 0, at = 0; row < rows; row++) {
    joined.columns = 0;
    for (const { matrix, factor } of blocks) {
      for (let k = matrix.offsets[row]!; k < matrix.offsets[row + 1]!; k++, at++) {
        joined.indices[at] = joined.columns + matrix.indices[k]!;
        joined.values[at] = factor * matrix.values[k]!;
      }
      joined.columns += matrix.columns;
    }
    joined.offsets[row + 1] = at;
  }
  return joined;
}

/** The rows at the given indices. */
export function takeRows({ columns, offsets, indices, values }: Csr, rows: readonly number[]): Csr {
  const taken = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (taken[i + 1] = taken[i]! + offsets[row + 1]! - offsets[row]!));
  const part = { rows: rows.length, columns, offsets: taken, indices: new Int32Array(taken[rows.length]!), values: new Float32Array(taken[rows.length]!) };
  rows.forEach((row, i) => {
    part.indices.set(indices.subarray(offsets[row], offsets[row + 1]), taken[i]);
    part.values.set(values.subarray(offsets[row], offsets[row + 1]), taken[i]);
  });
  return part;
}

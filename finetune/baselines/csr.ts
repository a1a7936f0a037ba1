/** Compressed sparse rows: the matrices of the bag-of-words baseline, F features wide. */

export interface Csr {
  rows: number;
  columns: number;
  /** [rows + 1]: where each row starts in `indices` and `values`. */
  offsets: Int32Array;
  /** Columns of the entries, ascending within a row. */
  indices: Int32Array;
  values: Float64Array;
}

/** Builds a matrix from the entries of each row. */
export function csrFromRows(rows: readonly ReadonlyMap<number, number>[], columns: number): Csr {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.size));
  const indices = new Int32Array(offsets[rows.length]!);
  const values = new Float64Array(offsets[rows.length]!);
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

/** Inner product of one row with a dense vector, [F]. */
export function dotRow({ offsets, indices, values }: Csr, row: number, dense: Float64Array): number {
  let sum = 0;
  for (let k = offsets[row]!; k < offsets[row + 1]!; k++) sum += values[k]! * dense[indices[k]!]!;
  return sum;
}

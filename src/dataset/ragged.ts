/** Lists of integers of different lengths, in one array: row i is values[offsets[i] … offsets[i + 1]]. */

export interface Ragged {
  /** Number of rows. */
  size: number;
  values: Int32Array;
  /** size + 1 ascending offsets; doubles, since all notes of a hospital come near 2³¹ tokens. */
  offsets: Float64Array;
  /** A view of one row; do not write to it. */
  row(i: number): Int32Array;
  lengthOf(i: number): number;
}

export function createRagged(values: Int32Array, offsets: Float64Array): Ragged {
  return {
    size: offsets.length - 1,
    values,
    offsets,
    row: (i) => values.subarray(offsets[i]!, offsets[i + 1]!),
    lengthOf: (i) => offsets[i + 1]! - offsets[i]!,
  };
}

export const raggedFrom = (rows: readonly ArrayLike<number>[]): Ragged => {
  const offsets = new Float64Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length));
  const values = new Int32Array(offsets[rows.length]!);
  rows.forEach((row, i) => values.set(row, offsets[i]!));
  return createRagged(values, offsets);
};

/**
 * Some rows of a matrix, column by column. Both products of a linear model then walk through the long vector (a number for each column) from one
 * end to the other, and jump about only in the short one (a number for each row of the block), which fits into the processor's cache.
 */
import type { Csr } from './csr.js';
import { sharedFloat32, sharedInt32, sharedUint16 } from './shared.js';

export interface ColumnBlock {
  /** At most {@link BLOCK_ROWS}. */
  rows: number;
  /** Columns with an entry, ascending, and how many entries each has. */
  columns: Int32Array;
  counts: Int32Array;
  /** Of all entries, column after column: the row within the block, and the value. */
  entryRows: Uint16Array;
  values: Float32Array;
}

/** 64 kB of laned doubles: half a small second-level cache would do. */
export const BLOCK_ROWS = 1024;

/** The matrix in blocks of {@link BLOCK_ROWS} rows. */
export function columnBlocks(matrix: Csr): ColumnBlock[] {
  return Array.from({ length: Math.ceil(matrix.rows / BLOCK_ROWS) }, (_, block) => columnBlock(matrix, block * BLOCK_ROWS, Math.min(matrix.rows, (block + 1) * BLOCK_ROWS)));
}

/** Rows `first` to `end` of a matrix. */
export function columnBlock({ columns: width, offsets, indices, values }: Csr, first = 0, end = offsets.length - 1): ColumnBlock {
  const [from, to] = [offsets[first]!, offsets[end]!];
  const next = new Int32Array(width + 1);
  for (let k = from; k < to; k++) next[indices[k]! + 1]!++;
  const columns = sharedInt32(next.reduce((sum, count) => sum + Number(count > 0), 0));
  const counts = sharedInt32(columns.length);
  for (let column = 0, at = 0; column < width; column++) {
    if (next[column + 1]) {
      columns[at] = column;
      counts[at++] = next[column + 1]!;
    }
    next[column + 1]! += next[column]!;
  }
  const block = { rows: end - first, columns, counts, entryRows: sharedUint16(to - from), values: sharedFloat32(to - from) };
  for (let row = first, k = from; row < end; row++) {
    for (; k < offsets[row + 1]!; k++) {
      const at = next[indices[k]!]!++;
      block.entryRows[at] = row - first;
      block.values[at] = values[k]!;
    }
  }
  return block;
}

/** Texts → rows of TF-IDF. */
import { columnBlock, type ColumnBlock } from './column-block.js';
import type { Csr } from './csr.js';
import type { NumberedTexts } from './pairs.js';
import { sharedFloat32, sharedInt32 } from './shared.js';
import { columnOfPair, type TermColumns } from './terms.js';

export interface VectoriseRequest {
  texts: NumberedTexts;
  columns: TermColumns;
  /** 1 + ln(count) in place of the count. */
  sublinear: boolean;
}

/** Rows of unit Euclidean length (a text without known terms is a row of zeros), [texts, columns]; entries in order of appearance. */
export function vectorise({ texts: { offsets, ids, wordOf }, columns, sublinear }: VectoriseRequest): Csr {
  const { ofWord, ofPair, idf } = columns;
  const rows = offsets.length - 1;
  const counts = new Int32Array(idf.length);
  const starts = sharedInt32(rows + 1);
  // A text has at most as many different terms as it has words and pairs.
  const [indices, values] = [new Int32Array(2 * ids.length), new Float32Array(2 * ids.length)];
  let filled = 0;
  const add = (column: number): void => {
    if (column >= 0 && counts[column]!++ === 0) indices[filled++] = column;
  };
  for (let row = 0, i = 0; row < rows; row++) {
    let before = -1;
    for (const end = offsets[row + 1]!; i < end; i++) {
      const word = wordOf[ids[i]!]!;
      if (word >= 0) {
        add(ofWord[word]!);
        if (before >= 0) add(columnOfPair(ofPair, before, word));
      }
      before = word;
    }
    weigh({ indices: indices.subarray(starts[row], filled), values: values.subarray(starts[row], filled), counts, idf, sublinear });
    starts[row + 1] = filled;
  }
  const csr = { rows, columns: idf.length, offsets: starts, indices: sharedInt32(filled), values: sharedFloat32(filled) };
  csr.indices.set(indices.subarray(0, filled));
  csr.values.set(values.subarray(0, filled));
  return csr;
}

interface RowCounts {
  indices: Int32Array;
  values: Float32Array;
  /** [columns]; those of the row are put back to 0. */
  counts: Int32Array;
  idf: Float64Array;
  sublinear: boolean;
}

/** Fills the values of one row. */
function weigh({ indices, values, counts, idf, sublinear }: RowCounts): void {
  const weightOf = (column: number): number => (sublinear ? 1 + Math.log(counts[column]!) : counts[column]!) * idf[column]!;
  let squares = 0;
  for (const column of indices) squares += weightOf(column) ** 2;
  const length = Math.sqrt(squares);
  for (let k = 0; k < indices.length; k++) {
    values[k] = weightOf(indices[k]!) / length;
    counts[indices[k]!] = 0;
  }
}

/** The same, column by column: what training reads. @param request of at most BLOCK_ROWS texts */
export const vectoriseBlock = (request: VectoriseRequest): ColumnBlock => columnBlock(vectorise(request));

/**
 * Rows of a fixed grouping, set out in tables: segments of about equal size share a table, padded to its width. What a segment needs of
 * its rows is then a product, a sum or a softmax along a row of the table, and nothing is ever added by index.
 */
export interface SegmentTable {
  /** The S segments of the table. */
  segments: Int32Array;
  width: number;
  /** [S, width]: the rows of each segment in their order, then {@link ABSENT}. */
  rows: Int32Array;
}

export const ABSENT = -1;

/** @param segmentOf for each row, the segment it belongs to @returns tables by increasing width; segments without rows are in none */
export function tabulate(segmentOf: Int32Array): SegmentTable[] {
  const rowsOf = new Map<number, number[]>();
  segmentOf.forEach((segment, row) => void (rowsOf.get(segment)?.push(row) ?? rowsOf.set(segment, [row])));
  const byWidth = new Map<number, number[]>();
  for (const segment of [...rowsOf.keys()].sort((a, b) => a - b)) {
    const width = tableWidth(rowsOf.get(segment)!.length);
    void (byWidth.get(width)?.push(segment) ?? byWidth.set(width, [segment]));
  }
  return [...byWidth].sort(([a], [b]) => a - b).map(([width, segments]) => {
    const rows = new Int32Array(segments.length * width).fill(ABSENT);
    segments.forEach((segment, s) => rows.set(rowsOf.get(segment)!, s * width));
    return { segments: Int32Array.from(segments), width, rows };
  });
}

/** The count itself up to 8, then four widths an octave: few tables, at most a quarter more than the rows. */
const tableWidth = (count: number): number => {
  const step = count <= 8 ? 1 : 2 ** (Math.floor(Math.log2(count - 1)) - 2);
  return Math.ceil(count / step) * step;
};

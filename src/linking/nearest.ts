/** The nearest rows of a matrix by Euclidean distance: exact, by blocks of matrix products on a device. */
import { shapeError } from '../core/errors.js';
import { tf, type Call, type Device } from '../engine/index.js';

export interface Neighbour {
  row: number;
  distance: number;
}

export interface NearestInput {
  /** [queries, width] */
  queries: Float32Array;
  /** [rows, width] */
  rows: Float32Array;
  width: number;
  k: number;
}

/** Sizes of a block's product: few calls, and 8 MiB of results. */
const QUERIES = 256;
const ROWS = 8192;

/** @returns for each query the `k` nearest rows, nearest first; between equals the earlier row */
export async function nearestRows(device: Device, { queries, rows, width, k }: NearestInput): Promise<Neighbour[][]> {
  const [Q, N] = [queries.length / width, rows.length / width];
  if (!Number.isInteger(Q) || !Number.isInteger(N)) throw shapeError(`nearest rows: queries of ${queries.length} and rows of ${rows.length} numbers are no vectors of width ${width}`);
  const [perQuery, perRow] = [Math.min(QUERIES, Math.max(1, Q)), Math.min(ROWS, Math.max(1, N))];
  const specs = [
    { name: 'queries', shape: [perQuery, width], dtype: 'float32' as const },
    { name: 'rows', shape: [perRow, width], dtype: 'float32' as const },
  ];
  const program = await device.compile((inputs) => ({ products: tf.matMul(inputs['queries']!, inputs['rows']!, false, true) }), specs, { name: 'nearest rows' });
  try {
    return await scan(program.bind(), { queries, rows, width, k, perQuery, perRow });
  } finally {
    program.dispose();
  }
}

interface ScanOptions extends NearestInput {
  perQuery: number;
  perRow: number;
}

async function scan(call: Call, { queries, rows, width, k, perQuery, perRow }: ScanOptions): Promise<Neighbour[][]> {
  const [ofQueries, ofRows] = [squares(queries, width), squares(rows, width)];
  const best = Array.from(ofQueries, (): Neighbour[] => []);
  const products = call.outputs['products']!;
  for (let firstRow = 0; firstRow < ofRows.length; firstRow += perRow) {
    load(call.inputs['rows'] as Float32Array, rows, firstRow * width);
    for (let first = 0; first < best.length; first += perQuery) {
      load(call.inputs['queries'] as Float32Array, queries, first * width);
      await call.run();
      for (let q = first; q < Math.min(first + perQuery, best.length); q++) {
        const offset = (q - first) * perRow - firstRow;
        for (let row = firstRow; row < Math.min(firstRow + perRow, ofRows.length); row++) {
          keep(best[q]!, { row, distance: ofQueries[q]! + ofRows[row]! - 2 * products[offset + row]! }, k);
        }
      }
    }
  }
  return best.map((found) => found.map(({ row, distance }) => ({ row, distance: Math.sqrt(Math.max(0, distance)) })));
}

/** The rest of the buffer is 0. */
function load(buffer: Float32Array, values: Float32Array, from: number): void {
  const part = values.subarray(from, from + buffer.length);
  buffer.set(part);
  buffer.fill(0, part.length);
}

function squares(values: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(values.length / width);
  values.forEach((value, i) => (sums[Math.floor(i / width)]! += value * value));
  return sums;
}

function keep(best: Neighbour[], candidate: Neighbour, k: number): void {
  if (best.length === k && !(candidate.distance < best[k - 1]!.distance)) return;
  let at = best.length;
  while (at > 0 && candidate.distance < best[at - 1]!.distance) at--;
  best.splice(at, 0, candidate);
  if (best.length > k) best.pop();
}

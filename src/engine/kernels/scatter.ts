/** Adding up rows by ids that are known at run time only, and may repeat. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { reshape } from './kernel.js';

/** Rows that are summed by one product; larger blocks compute more, smaller ones are more nodes. */
const BLOCK = 128;

/** Below this number of elements ONNX Runtime's sequential scatter is fast enough. */
const SMALL = 1 << 15;

export interface Scattered {
  /** [n, F] */
  rows: TensorInfo;
  /** n int32 ids in [0, count), of any shape. */
  ids: TensorInfo;
}

/**
 * Sums of the rows that share an id: [count, F]. Never ScatterND with a sum and repeated ids: ONNX Runtime splits the updates over
 * threads and loses some (a data race).
 */
export function scatterRows(recorder: Recorder, { rows, ids }: Scattered, count: number): TensorInfo {
  const [n, width] = rows.shape as [number, number];
  const flat = reshape(recorder, ids, [n]);
  const zeros = runtimeZeros(recorder, flat, { shape: [count, width], dtype: rows.dtype });
  if (rows.dtype !== 'float32' || n * width <= SMALL) return scatterInOrder(recorder, { rows, ids: flat }, zeros);
  let sums = zeros;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    sums = addBlock(recorder, { rows: take(recorder, rows, from, to), ids: take(recorder, flat, from, to) }, sums);
  }
  return sums;
}

/** Sequential, element by element: right, and slow for many. */
function scatterInOrder(recorder: Recorder, { rows, ids }: Scattered, zeros: TensorInfo): TensorInfo {
  const [n, width] = rows.shape as [number, number];
  const column = reshape(recorder, ids, [n, 1]);
  const positions = width === 1 ? column : recorder.emit('Expand', [column, recorder.integers([n, width])], { shape: [n, width], dtype: 'int32' });
  return recorder.emit('ScatterElements', [zeros, positions, rows], zeros, { axis: 0, reduction: 'add' });
}

/**
 * A product with the matrix of equal ids gives every row of the block the sum over its id; each is added to what was there and put
 * back. Rows of one id then write equal values, so that their order does not matter.
 */
function addBlock(recorder: Recorder, { rows, ids }: Scattered, sums: TensorInfo): TensorInfo {
  const n = ids.shape[0]!;
  const column = reshape(recorder, ids, [n, 1]);
  const isEqual = recorder.emit('Equal', [column, ids], { shape: [n, n], dtype: 'bool' });
  const shared = recorder.emit('Cast', [isEqual], { shape: [n, n], dtype: 'float32' }, { to: 1 });
  const sum = recorder.emit('MatMul', [shared, rows], rows);
  const before = recorder.emit('Gather', [sums, ids], rows, { axis: 0 });
  const after = recorder.emit('Add', [before, sum], rows);
  const positions = recorder.node('Cast', [column], { to: 7 });
  return recorder.emit('ScatterND', [sums, positions, after], sums);
}

function take(recorder: Recorder, x: TensorInfo, from: number, to: number): TensorInfo {
  if (from === 0 && to === x.shape[0]) return x;
  const bounds = [[from], [to], [0]].map((values) => recorder.integers(values));
  return recorder.emit('Slice', [x, ...bounds], { shape: [to - from, ...x.shape.slice(1)], dtype: x.dtype });
}

/** Zeros that depend on an input: constant ones would be folded into the session, a table's size of memory for nothing. */
function runtimeZeros(recorder: Recorder, ids: TensorInfo, result: { shape: number[]; dtype: TensorInfo['dtype'] }): TensorInfo {
  const zero = recorder.node('Mul', [take(recorder, ids, 0, 1), recorder.scalar(0, 'int32')]);
  const typed = result.dtype === 'int32' ? zero : recorder.node('Cast', [zero], { to: 1 });
  return recorder.emit('Expand', [typed, recorder.integers(result.shape)], result);
}

/** The kernel of matrix products: one Gemm where there is one matrix, a batched product elsewhere. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { broadcastShapes, sizeOf } from '../shapes.js';
import { kernel, reshape, type Binary, type KernelTable } from './kernel.js';

export interface MatMulAttributes {
  transposeA?: boolean;
  transposeB?: boolean;
  /** Factor of the result. */
  scale?: number;
}

/** a · b over the last two axes, leading axes broadcast. */
export function matMul(recorder: Recorder, { a, b }: Binary, attributes: MatMulAttributes = {}): TensorInfo {
  const { transposeA = false, transposeB = false, scale = 1 } = attributes;
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = { shape: [...batch, rows, columns], dtype: 'float32' as const };
  const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: scale === 1 ? undefined : { float: scale } };
  if (sizeOf(batch) === 1) {
    const product = recorder.emit('Gemm', [asMatrix(recorder, a), asMatrix(recorder, b)], { shape: [rows, columns], dtype: 'float32' }, transposes);
    return batch.length ? reshape(recorder, product, result.shape) : product;
  }
  if (!recorder.standardOnly && (transposeA || transposeB || scale !== 1)) return recorder.emit('com.microsoft.FusedMatMul', [a, b], result, transposes);
  const product = recorder.emit('MatMul', [transposeA ? swapLast(recorder, a) : a, transposeB ? swapLast(recorder, b) : b], result);
  return scale === 1 ? product : recorder.emit('Mul', [product, recorder.scalar(scale)], result);
}

const asMatrix = (recorder: Recorder, x: TensorInfo): TensorInfo => (x.shape.length === 2 ? x : reshape(recorder, x, x.shape.slice(-2)));

function swapLast(recorder: Recorder, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  return recorder.emit('Transpose', [x], { shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype }, { perm });
}

export const products: KernelTable = {
  BatchMatMul: kernel<Binary, { transposeA: boolean; transposeB: boolean }>(matMul),
};

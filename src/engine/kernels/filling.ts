/** Kernels that make tensors from numbers, and those that pass data through. */
import type { DataType } from '@tensorflow/tfjs';
import { tf } from '../tf.js';
import { elementwise } from './elementwise.js';
import { kernel, type KernelTable, type Unary } from './kernel.js';

type Filled = { shape: number[]; value: number; dtype?: DataType };
type Spread = { start: number; stop: number; num: number };
type Counted = { start: number; stop: number; step: number; dtype: 'float32' | 'int32' };

const castKernel = kernel<Unary, { dtype: 'float32' | 'int32' | 'bool' }>((recorder, { x }, { dtype }) => {
  if (x.dtype === dtype) return recorder.alias(x);
  const uniform = recorder.uniform(x);
  if (uniform !== undefined) return recorder.fill(dtype === 'bool' ? Number(uniform !== 0) : dtype === 'int32' ? Math.trunc(uniform) : uniform, x.shape, dtype);
  return elementwise(recorder, 'Cast', [x], { dtype, attributes: { to: { float32: 1, int32: 6, bool: 9 }[dtype] } });
});

const range = kernel<object, Counted>((recorder, _, { start, stop, step, dtype }) => {
  const values = tf.util.makeZerosTypedArray(Math.max(0, Math.ceil((stop - start) / step)), dtype);
  for (let i = 0; i < values.length; i++) values[i] = start + i * step;
  return recorder.literal(values, [values.length], dtype);
});

const linspace = kernel<object, Spread>((recorder, _, { start, stop, num }) =>
  recorder.literal(Float32Array.from({ length: num }, (_unused, i) => (num === 1 ? start : start + ((stop - start) * i) / (num - 1))), [num], 'float32'));

export const filling: KernelTable = {
  Cast: castKernel,
  Fill: kernel<object, Filled>((recorder, _, { shape, value, dtype }) => recorder.fill(value, shape, dtype ?? 'float32')),
  Identity: kernel((recorder, { x }) => recorder.alias(x)),
  LinSpace: linspace,
  OnesLike: kernel((recorder, { x }) => recorder.fill(1, x.shape, x.dtype)),
  Range: range,
  ZerosLike: kernel((recorder, { x }) => recorder.fill(0, x.shape, x.dtype)),
};

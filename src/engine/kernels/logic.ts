/** Kernels of comparison, logic and selection. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { broadcastTo, elementwise } from './elementwise.js';
import { kernel, reshape, type Binary, type KernelTable } from './kernel.js';

const compare = (recorder: Recorder, op: string, { a, b }: Binary): TensorInfo => elementwise(recorder, op, [a, b], { dtype: 'bool' });

const comparison = (op: string) => kernel<Binary>((recorder, inputs) => compare(recorder, op, inputs));

const not = (recorder: Recorder, x: TensorInfo): TensorInfo => elementwise(recorder, 'Not', [x], { dtype: 'bool' });

const and = kernel<Binary>((recorder, { a, b }) => {
  if (recorder.uniform(b) === 1) return broadcastTo(recorder, a, b);
  if (recorder.uniform(a) === 1) return broadcastTo(recorder, b, a);
  return compare(recorder, 'And', { a, b });
});

/** tfjs broadcasts a condition of lower rank along the leading axes, ONNX along the trailing ones. */
const select = kernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>((recorder, { condition, t, e }) => {
  const missing = t.shape.length - condition.shape.length;
  const aligned = missing > 0 && condition.shape.length > 0
    ? reshape(recorder, condition, [...condition.shape, ...Array<number>(missing).fill(1)])
    : condition;
  return elementwise(recorder, 'Where', [aligned, t, e], { dtype: t.dtype });
});

export const logic: KernelTable = {
  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: and,
  LogicalNot: kernel((recorder, { x }) => not(recorder, x)),
  LogicalOr: comparison('Or'),
  NotEqual: kernel<Binary>((recorder, inputs) => not(recorder, compare(recorder, 'Equal', inputs))),
  Select: select,
};

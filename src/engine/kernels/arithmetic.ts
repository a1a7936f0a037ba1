/** Kernels of arithmetic on two tensors, with broadcasting; neutral constants vanish. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { broadcastShapes } from '../shapes.js';
import { broadcastTo, elementwise } from './elementwise.js';
import { cast, kernel, type Binary, type KernelTable } from './kernel.js';

type Fold = (a: number, b: number) => number;

/** Both operands known: the result is a number too. */
function folded(recorder: Recorder, { a, b }: Binary, fold: Fold): TensorInfo | undefined {
  const x = recorder.uniform(a);
  const y = recorder.uniform(b);
  if (x === undefined || y === undefined || a.dtype !== 'float32') return undefined;
  return recorder.fill(Math.fround(fold(x, y)), broadcastShapes(a.shape, b.shape), a.dtype);
}

const binary = (op: string, fold?: Fold) =>
  kernel<Binary>((recorder, { a, b }) => (fold && folded(recorder, { a, b }, fold)) ?? elementwise(recorder, op, [a, b], { dtype: a.dtype }));

const multiply = kernel<Binary>((recorder, { a, b }) => {
  if (recorder.uniform(b) === 1) return broadcastTo(recorder, a, b);
  if (recorder.uniform(a) === 1) return broadcastTo(recorder, b, a);
  return folded(recorder, { a, b }, (x, y) => x * y) ?? elementwise(recorder, 'Mul', [a, b], { dtype: a.dtype });
});

const add = kernel<Binary>((recorder, { a, b }) => {
  if (recorder.uniform(b) === 0) return broadcastTo(recorder, a, b);
  if (recorder.uniform(a) === 0) return broadcastTo(recorder, b, a);
  return elementwise(recorder, 'Add', [a, b], { dtype: a.dtype });
});

const subtract = kernel<Binary>((recorder, { a, b }) =>
  recorder.uniform(b) === 0 ? broadcastTo(recorder, a, b) : elementwise(recorder, 'Sub', [a, b], { dtype: a.dtype }));

const divide = kernel<Binary>((recorder, { a, b }) => {
  if (recorder.uniform(b) === 1) return broadcastTo(recorder, a, b);
  return folded(recorder, { a, b }, (x, y) => x / y) ?? elementwise(recorder, 'Div', [a, b], { dtype: a.dtype });
});

const floorOfQuotient = (recorder: Recorder, { a, b }: Binary): TensorInfo => {
  const quotient = elementwise(recorder, 'Div', [cast(recorder, a, 'float32'), cast(recorder, b, 'float32')], { dtype: 'float32' });
  return elementwise(recorder, 'Floor', [quotient], { dtype: 'float32' });
};

/** ONNX divides integers towards zero, tfjs downwards. */
const floorDivide = kernel<Binary>((recorder, inputs) => cast(recorder, floorOfQuotient(recorder, inputs), 'int32'));

const modulo = kernel<Binary>((recorder, { a, b }) => {
  if (a.dtype !== 'float32') return elementwise(recorder, 'Mod', [a, b], { dtype: a.dtype });
  const whole = elementwise(recorder, 'Mul', [floorOfQuotient(recorder, { a, b }), b], { dtype: 'float32' });
  return elementwise(recorder, 'Sub', [a, whole], { dtype: 'float32' });
});

const squaredDifference = kernel<Binary>((recorder, { a, b }) => {
  const difference = elementwise(recorder, 'Sub', [a, b], { dtype: a.dtype });
  return elementwise(recorder, 'Mul', [difference, difference], { dtype: a.dtype });
});

const addAll = kernel<Record<string, TensorInfo>>((recorder, inputs) => {
  const terms = Object.values(inputs);
  const first = terms[0]!;
  return terms.length === 1 ? recorder.alias(first) : recorder.emit('Sum', terms, { shape: first.shape, dtype: first.dtype });
});

export const arithmetic: KernelTable = {
  Add: add,
  AddN: addAll,
  FloorDiv: floorDivide,
  Maximum: binary('Max', Math.max),
  Minimum: binary('Min', Math.min),
  Mod: modulo,
  Multiply: multiply,
  Pow: binary('Pow'),
  RealDiv: divide,
  SquaredDifference: squaredDifference,
  Sub: subtract,
};

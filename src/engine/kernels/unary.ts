/** Kernels of one tensor, element by element. */
import type { ClipByValueAttrs, LeakyReluAttrs, StepAttrs, TensorInfo } from '@tensorflow/tfjs';
import type { Attributes } from '../onnx.js';
import type { Recorder } from '../recorder.js';
import { elementwise } from './elementwise.js';
import { kernel, type KernelTable, type Unary } from './kernel.js';

const apply = (recorder: Recorder, op: string, x: TensorInfo, attributes?: Attributes): TensorInfo =>
  elementwise(recorder, op, [x], { dtype: x.dtype, attributes });

const unary = (op: string) => kernel((recorder, { x }) => apply(recorder, op, x));

const constantLike = (recorder: Recorder, x: TensorInfo, value: number): TensorInfo => recorder.fill(value, [], x.dtype);

const rsqrt = kernel((recorder, { x }) => apply(recorder, 'Reciprocal', apply(recorder, 'Sqrt', x)));

const square = kernel((recorder, { x }) => elementwise(recorder, 'Mul', [x, x], { dtype: x.dtype }));

/**
 * log(1 + x) without losing small x (Kahan): with u = fl(1 + x), log(u) · x / (u − 1), and x itself where u is 1.
 * At x = ∞ the quotient would be ∞/∞; log(u) alone is right there.
 */
const log1p = kernel((recorder, { x }) => {
  const float = { dtype: 'float32' as const };
  const one = constantLike(recorder, x, 1);
  const u = elementwise(recorder, 'Add', [x, one], float);
  const excess = elementwise(recorder, 'Sub', [u, one], float);
  const logU = apply(recorder, 'Log', u);
  const corrected = elementwise(recorder, 'Div', [elementwise(recorder, 'Mul', [logU, x], float), excess], float);
  const isOne = elementwise(recorder, 'Equal', [u, one], { dtype: 'bool' });
  const isInfinite = elementwise(recorder, 'IsInf', [x], { dtype: 'bool' });
  const finite = elementwise(recorder, 'Where', [isOne, x, corrected], float);
  return elementwise(recorder, 'Where', [isInfinite, logU, finite], float);
});

/** exp(x) − 1 = 2 tanh(x/2) / (1 − tanh(x/2)) for small |x|, where the difference would lose digits. */
const expm1 = kernel((recorder, { x }) => {
  const float = { dtype: 'float32' as const };
  const one = constantLike(recorder, x, 1);
  const direct = elementwise(recorder, 'Sub', [apply(recorder, 'Exp', x), one], float);
  const half = apply(recorder, 'Tanh', elementwise(recorder, 'Mul', [x, constantLike(recorder, x, 0.5)], float));
  const ratio = elementwise(recorder, 'Div', [elementwise(recorder, 'Add', [half, half], float), elementwise(recorder, 'Sub', [one, half], float)], float);
  const isSmall = elementwise(recorder, 'Less', [apply(recorder, 'Abs', x), constantLike(recorder, x, 0.5)], { dtype: 'bool' });
  return elementwise(recorder, 'Where', [isSmall, ratio, direct], float);
});

const leakyRelu = kernel<Unary, LeakyReluAttrs>((recorder, { x }, { alpha }) => apply(recorder, 'LeakyRelu', x, { alpha: { float: alpha } }));

const clip = (recorder: Recorder, x: TensorInfo, low: number, high: number): TensorInfo =>
  recorder.emit('Clip', [x, recorder.scalar(low, x.dtype), recorder.scalar(high, x.dtype)], x);

/** 1 above zero, `alpha` below; NaN stays NaN as in tfjs. */
const step = kernel<Unary, StepAttrs>((recorder, { x }, { alpha }) => {
  const zero = constantLike(recorder, x, 0);
  const isPositive = elementwise(recorder, 'Greater', [x, zero], { dtype: 'bool' });
  const value = elementwise(recorder, 'Where', [isPositive, recorder.fill(1, [], 'float32'), recorder.fill(alpha, [], 'float32')], { dtype: 'float32' });
  return elementwise(recorder, 'Where', [elementwise(recorder, 'IsNaN', [x], { dtype: 'bool' }), x, value], { dtype: 'float32' });
});

const sameName = ['Abs', 'Ceil', 'Cos', 'Elu', 'Erf', 'Exp', 'Floor', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Sqrt', 'Tanh'];

export const unaryKernels: KernelTable = {
  ...Object.fromEntries(sameName.map((name) => [name, unary(name)])),
  ClipByValue: kernel<Unary, ClipByValueAttrs>((recorder, { x }, { clipValueMin, clipValueMax }) => clip(recorder, x, clipValueMin, clipValueMax)),
  Expm1: expm1,
  IsInf: kernel((recorder, { x }) => elementwise(recorder, 'IsInf', [x], { dtype: 'bool' })),
  IsNan: kernel((recorder, { x }) => elementwise(recorder, 'IsNaN', [x], { dtype: 'bool' })),
  LeakyRelu: leakyRelu,
  Log1p: log1p,
  Relu6: kernel((recorder, { x }) => clip(recorder, x, 0, 6)),
  Rsqrt: rsqrt,
  Square: square,
  Step: step,
};

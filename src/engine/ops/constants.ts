/** Tensors that take no part in differentiation. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { sizeOf, type Shape } from '../shapes.js';
import { tf } from '../tf.js';
import { asTensor } from './trace.js';

/** A constant of the program, of any size: other host arrays that a traced function captures are capped (they are mistakes). */
export function staticTensor(values: Int32Array | Float32Array, shape: Shape): Tensor {
  if (sizeOf(shape) !== values.length) throw shapeError(`staticTensor: ${values.length} values do not fill [${shape}]`);
  const dtype = values instanceof Int32Array ? 'int32' : 'float32';
  const recorder = activeRecorder();
  return recorder ? asTensor(recorder.literal(values, shape, dtype, true)) : tf.tensor(values, [...shape], dtype);
}

/** The value of `x`, whose gradient stops here. */
export const stopGradient = (x: Tensor): Tensor =>
  tf.customGrad((input) => ({ value: tf.clone(input as Tensor), gradFunc: (dy: Tensor) => tf.zerosLike(dy) }))(x);

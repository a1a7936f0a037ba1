/** y = x Wᵀ + b as one Gemm; W is [out, in], so that neither pass transposes anything in memory. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder, type Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { quantizedLinear } from './quantized.js';
import { asTensor, withGradient } from './trace.js';

/** @param x [..., in] @param weight [out, in] @param bias [out] @returns [..., out] */
export function linear(x: Tensor, weight_OI: Tensor, bias_O?: Tensor): Tensor {
  expectLinearShapes(x.shape, weight_OI, bias_O);
  const [outputs, inputs] = weight_OI.shape as [number, number];
  const x_NI = tf.reshape(x, [-1, inputs]);
  const recorder = activeRecorder();
  const y_NO = recorder ? (quantizedLinear(recorder, x_NI, weight_OI, bias_O) ?? recordLinear(recorder, x_NI, weight_OI, bias_O)) : composeLinear(x_NI, weight_OI, bias_O);
  return tf.reshape(y_NO, [...x.shape.slice(0, -1), outputs]);
}

/** @throws shape error when an input of that shape, the weight and the bias do not fit each other */
export function expectLinearShapes(shape: readonly number[], weight_OI: Tensor, bias_O?: Tensor): void {
  const [outputs, inputs] = weight_OI.shape as [number, number];
  if (shape.at(-1) !== inputs) throw shapeError(`linear: the last axis of the input [${shape}] must equal the weight's inputs, ${inputs} (weight [${weight_OI.shape}])`);
  if (bias_O && (bias_O.rank !== 1 || bias_O.shape[0] !== outputs)) throw shapeError(`linear: the bias has shape [${bias_O.shape}], expected [${outputs}]`);
}

function composeLinear(x_NI: Tensor, weight_OI: Tensor, bias_O?: Tensor): Tensor {
  const product = tf.matMul(x_NI, weight_OI, false, true);
  return bias_O ? tf.add(product, bias_O) : product;
}

function recordLinear(recorder: Recorder, x_NI: Tensor, weight_OI: Tensor, bias_O?: Tensor): Tensor {
  return withGradient(bias_O ? [x_NI, weight_OI, bias_O] : [x_NI, weight_OI], ([x, weight, bias]) => {
    const result = { shape: [x!.shape[0]!, weight!.shape[0]!], dtype: 'float32' as const };
    return {
      value: asTensor(recorder.emit('Gemm', bias ? [x!, weight!, bias] : [x!, weight!], result, { transB: 1 })),
      saved: [x!, weight!],
      gradient: (dy, [x, weight]) => [
        tf.matMul(dy, weight!),
        tf.matMul(dy, x!, true, false),
        ...(bias ? [tf.sum(dy, 0)] : []),
      ],
    };
  });
}

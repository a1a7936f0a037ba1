/** The sum of squares, in one pass. */
import type { Tensor } from '@tensorflow/tfjs';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

/** Σ x², a scalar. */
export function sumOfSquares(x: Tensor): Tensor {
  const recorder = activeRecorder();
  if (!recorder) return tf.sum(tf.square(x));
  return withGradient([x], ([x]) => ({
    value: asTensor(recorder.emit('ReduceSumSquare', [x!], { shape: [], dtype: 'float32' }, { keepdims: 0 })),
    saved: [x!],
    gradient: (dy, [x]) => [tf.mul(x!, tf.mul(dy, 2))],
  }));
}

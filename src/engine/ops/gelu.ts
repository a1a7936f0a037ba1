/** The Gaussian error linear unit x·Φ(x), exact (erf) form (Hendrycks and Gimpel 2016). */
import type { Tensor } from '@tensorflow/tfjs';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

export function gelu(x: Tensor): Tensor {
  const recorder = activeRecorder();
  if (!recorder) return tf.mul(x, normalDistribution(x));
  return withGradient([x], ([input]) => ({
    value: asTensor(recorder.emit('Gelu', [input!], input!, { approximate: 'none' })),
    saved: [input!],
    gradient: (dy, [saved]) => [geluGradient(tf.mul(dy, 0.5), saved!)],
  }));
}

/** Φ(x). */
const normalDistribution = (x: Tensor): Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);

/** log(2/√π), in an exponent instead of a factor: one pass fewer. */
const LOG_SCALE = Math.log(2 / Math.sqrt(Math.PI));

/** dy·(Φ(x) + x·φ(x)) = dy/2 · (1 + erf(s) + s·(2/√π)·exp(−s²)) with s = x/√2. @param halfDy dy/2 */
export function geluGradient(halfDy: Tensor, x: Tensor): Tensor {
  const s = tf.mul(x, Math.SQRT1_2);
  const density = tf.mul(tf.exp(tf.sub(LOG_SCALE, tf.square(s))), s);
  return tf.mul(tf.add(tf.add(tf.erf(s), density), 1), halfDy);
}

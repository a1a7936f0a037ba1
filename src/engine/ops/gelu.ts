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
    gradient: (dy, [saved]) => [tf.mul(dy, geluSlope(saved!))],
  }));
}

/** Φ(x). */
const normalDistribution = (x: Tensor): Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);

/** Φ(x) + x·φ(x). */
function geluSlope(x: Tensor): Tensor {
  const density = tf.mul(tf.exp(tf.mul(tf.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.add(normalDistribution(x), tf.mul(x, density));
}

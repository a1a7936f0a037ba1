/** Dropout (Srivastava et al. 2014) with counter-based noise. */
import type { Tensor } from '@tensorflow/tfjs';
import { configurationError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import type { Noise } from '../types.js';
import { withGradient } from './trace.js';

/** Zeroes elements with probability `p` and scales the rest by 1/(1 − p). `site` names the place: equal keys and sites give equal masks. */
export function dropout(x: Tensor, p: number, site: string, noise: Noise): Tensor {
  if (!(p >= 0 && p < 1)) throw configurationError(`dropout ${p} at ${site}: expected a probability in [0, 1)`);
  if (p === 0) return x;
  const factor = tf.mul(tf.cast(noise.keep(site, x.shape, p), 'float32'), 1 / (1 - p));
  if (!activeRecorder()) return tf.mul(x, factor);
  return withGradient([x], ([x]) => ({ value: tf.mul(x!, factor), saved: [factor], gradient: (dy, [factor]) => [tf.mul(dy, factor!)] }));
}

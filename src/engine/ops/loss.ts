/** Binary cross-entropy from logits, element by element. */
import type { Tensor } from '@tensorflow/tfjs';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

/** −y·log σ(z) − (1 − y)·log(1 − σ(z)) = softplus(z) − z·y, without overflow. `z` and `y` (in [0, 1]) have one shape. */
export function bceWithLogits(z: Tensor, y: Tensor): Tensor {
  tf.util.assertShapesMatch(z.shape, y.shape, 'bceWithLogits: ');
  const recorder = activeRecorder();
  if (!recorder) return tf.add(tf.sub(tf.relu(z), tf.mul(z, y)), tf.log1p(tf.exp(tf.neg(tf.abs(z)))));
  return withGradient([z, y], ([z, y]) => ({
    value: tf.sub(asTensor(recorder.emit('Softplus', [z!], z!)), tf.mul(z!, y!)),
    saved: [z!, y!],
    gradient: (dy, [z, y]) => [tf.mul(dy, tf.sub(tf.sigmoid(z!), y!)), tf.mul(dy, tf.neg(z!))],
  }));
}

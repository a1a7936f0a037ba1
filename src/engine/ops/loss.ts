/** Cross-entropies from logits: binary, element by element, and over classes, row by row. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder, type Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient, type Recorded } from './trace.js';

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

/**
 * −log softmax(z)[target] of each row; nothing of the size of the logits is made but log softmax and the gradient.
 * @param z_NV float32 [N, V] @param targets_N int32 [N], in [0, V) @returns [N]
 */
export function crossEntropy(z_NV: Tensor, targets_N: Tensor): Tensor {
  if (z_NV.rank !== 2 || targets_N.shape.join() !== `${z_NV.shape[0]}`) throw shapeError(`crossEntropy: logits [${z_NV.shape}] need one target a row, got [${targets_N.shape}]`);
  if (targets_N.dtype !== 'int32') throw shapeError(`crossEntropy: targets are ${targets_N.dtype}, expected int32`);
  const recorder = activeRecorder();
  if (!recorder) return tf.neg(tf.sum(tf.mul(tf.logSoftmax(z_NV), tf.oneHot(targets_N, z_NV.shape[1]!)), 1));
  return withGradient([z_NV], ([z]) => recordCrossEntropy(recorder, z!, targets_N));
}

/** The gradient dy·(softmax − one-hot) takes dy off one element a row instead of making the one-hot matrix. */
function recordCrossEntropy(recorder: Recorder, z_NV: Tensor, targets_N: Tensor): Recorded {
  const column = [z_NV.shape[0]!, 1];
  const log_NV = asTensor(recorder.emit('LogSoftmax', [z_NV], z_NV, { axis: -1 }));
  const chosen_N1 = recorder.emit('GatherElements', [log_NV, tf.reshape(targets_N, column)], { shape: column, dtype: 'float32' }, { axis: 1 });
  return {
    value: tf.neg(tf.reshape(asTensor(chosen_N1), [-1])),
    saved: [log_NV, targets_N],
    gradient: (dy, [log, targets]) => {
      const dy_N1 = tf.reshape(dy, column);
      const scaled = tf.mul(tf.exp(log!), dy_N1);
      return [asTensor(recorder.emit('ScatterElements', [scaled, tf.reshape(targets!, column), tf.neg(dy_N1)], scaled, { axis: 1, reduction: 'add' }))];
    },
  };
}

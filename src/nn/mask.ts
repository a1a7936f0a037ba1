/** Masks: bool tensors, true where there is something. */
import { tf, type Tensor } from '../engine/index.js';

/** Large enough that exp underflows to 0 in float32, small enough that sums stay finite. */
const MASKED_SCORE = -1e9;

/** mask_BS bool → additive scores_B11S: 0 where present, −10⁹ where not. */
export function maskedScores(mask_BS: Tensor): Tensor {
  const [batch, keys] = mask_BS.shape as [number, number];
  const bias_BS = tf.mul(tf.sub(tf.cast(mask_BS, 'float32'), 1), -MASKED_SCORE);
  return tf.reshape(bias_BS, [batch, 1, 1, keys]);
}

/** Zeroes rows of x_BD whose flag is false. present_B bool. */
export const zeroAbsent = (x_BD: Tensor, present_B: Tensor): Tensor =>
  tf.mul(x_BD, tf.reshape(tf.cast(present_B, 'float32'), [x_BD.shape[0]!, 1]));

/** Highest of x_BSD over the positions where mask_BS is true; 0 where there is none. */
export function maskedMax(x_BSD: Tensor, mask_BS: Tensor): Tensor {
  const present_BS = tf.cast(mask_BS, 'float32');
  const bias_BS1 = tf.expandDims(tf.mul(tf.sub(present_BS, 1), -MASKED_SCORE), -1);
  return tf.mul(tf.max(tf.add(x_BSD, bias_BS1), 1), tf.max(present_BS, 1, true));
}

/** Mean of x_BSD over the positions where mask_BS is true; 0 where there is none. */
export function maskedMean(x_BSD: Tensor, mask_BS: Tensor): Tensor {
  const weight_BS1 = tf.expandDims(tf.cast(mask_BS, 'float32'), -1);
  const count_B1 = tf.add(tf.relu(tf.sub(tf.sum(weight_BS1, 1), 1)), 1);
  return tf.div(tf.sum(tf.mul(x_BSD, weight_BS1), 1), count_B1);
}

/** The loss of span-level training. */
import { tf, type Tensor } from '../../src/engine/index.js';

/** Keeps the logarithm of attention finite; far below an even share of a long note. */
const FLOOR = 1e-6;

/**
 * Cross-entropy between where labels look and where annotators marked them, mean over the marked labels of the batch.
 * @param weights_BKN attention; over N it sums to 1
 * @param target_BKN over N it sums to 1 for a marked label of a visit, to 0 for others
 */
export function attentionLoss(weights_BKN: Tensor, target_BKN: Tensor): Tensor {
  const entropy = tf.neg(tf.sum(tf.mul(target_BKN, tf.log(tf.add(weights_BKN, FLOOR)))));
  return tf.div(entropy, tf.maximum(tf.sum(target_BKN), 1));
}

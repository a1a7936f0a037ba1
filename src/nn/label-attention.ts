/** Label attention: every label reads the tokens with attention weights of its own (CAML, Mullenbach et al. 2018; LAAT, Vu et al. 2020). */
import { linear, softmax, tf, type Tensor } from '../engine/index.js';

export interface LabelAttentionInput {
  /** What is matched with the queries [B, N, P]; LAAT: tanh(W h). */
  keys_BNP: Tensor;
  /** What is averaged [B, N, D]. */
  values_BND: Tensor;
  /** One query a label [L, P]. */
  queries_LP: Tensor;
  /** Added to the scores: 0 or −10⁹ [B, 1, N]. */
  bias_B1N: Tensor;
}

/** @returns each label's weights over the tokens [B, L, N] (they sum to 1) and what it read [B, L, D] */
export function labelAttention({ keys_BNP, values_BND, queries_LP, bias_B1N }: LabelAttentionInput): { weights_BLN: Tensor; context_BLD: Tensor } {
  const scores_BLN = tf.transpose(linear(keys_BNP, queries_LP), [0, 2, 1]);
  const weights_BLN = softmax(tf.add(scores_BLN, bias_B1N));
  return { weights_BLN, context_BLD: tf.matMul(weights_BLN, values_BND) };
}

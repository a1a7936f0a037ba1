/** Multi-head scaled dot-product attention (Vaswani et al. 2017). */
import type { Rng } from '../core/rng.js';
import { attentionScores, softmax, tf, type Tensor } from '../engine/index.js';
import type { Dropout } from './dropout.js';
import { applyLinear, initLinear, type Linear } from './linear.js';
import type { ParameterInit } from './parameters.js';

export type Attention<Leaf = Tensor> = { query: Linear<Leaf>; key: Linear<Leaf>; value: Linear<Leaf> };

export interface AttentionConfig {
  /** Width of the queries' input. */
  queryWidth: number;
  /** Width of the keys' and values' input. */
  memoryWidth: number;
  /** Width of all heads together. */
  width: number;
}

export const initAttention = (rng: Rng, { queryWidth, memoryWidth, width }: AttentionConfig): Attention<ParameterInit> => ({
  query: initLinear(rng.split('query'), { inputs: queryWidth, outputs: width }),
  key: initLinear(rng.split('key'), { inputs: memoryWidth, outputs: width }),
  value: initLinear(rng.split('value'), { inputs: memoryWidth, outputs: width }),
});

export interface AttentionInput {
  x_BTD: Tensor;
  memory_BSD: Tensor;
  /** From `maskedScores`: added to the scores. */
  bias_B11S: Tensor;
  heads: number;
  dropout: Dropout;
  site: string;
}

/** @returns context [B, T, width] */
export function attend(p: Attention, { x_BTD, memory_BSD, bias_B11S, heads, dropout, site }: AttentionInput): Tensor {
  const width = p.query.weight.shape[0]!;
  const q_BHTK = splitHeads(applyLinear(p.query, x_BTD), heads);
  const k_BHSK = splitHeads(applyLinear(p.key, memory_BSD), heads);
  const v_BHSK = splitHeads(applyLinear(p.value, memory_BSD), heads);
  const scores_BHTS = tf.add(attentionScores(q_BHTK, k_BHSK, 1 / Math.sqrt(width / heads)), bias_B11S);
  const weights_BHTS = dropout(softmax(scores_BHTS), `${site}.attention`);
  return mergeHeads(tf.matMul(weights_BHTS, v_BHSK));
}

/** [B, T, H·K] → [B, H, T, K] */
function splitHeads(x_BTD: Tensor, heads: number): Tensor {
  const [batch, length, width] = x_BTD.shape as [number, number, number];
  return tf.transpose(tf.reshape(x_BTD, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** [B, H, T, K] → [B, T, H·K] */
function mergeHeads(x_BHTK: Tensor): Tensor {
  const [batch, heads, length, width] = x_BHTK.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x_BHTK, [0, 2, 1, 3]), [batch, length, heads * width]);
}

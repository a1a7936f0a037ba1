/** Multi-head scaled dot-product attention (Vaswani et al. 2017). */
import type { Rng } from '../core/rng.js';
import { attention, type Tensor } from '../engine/index.js';
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
  const [batch, queries] = x_BTD.shape as [number, number];
  return attention(applyLinear(p.query, x_BTD), applyLinear(p.key, memory_BSD), applyLinear(p.value, memory_BSD), {
    heads,
    bias: bias_B11S,
    dropout: dropout.mask(`${site}.attention`, [batch, heads, queries, memory_BSD.shape[1]!]),
  });
}

/** A pre-norm Transformer layer (Xiong et al. 2020), as the code encoder uses it. */
import type { Rng } from '../core/rng.js';
import { feedForward, tf, type Tensor } from '../engine/index.js';
import { attend, initAttention, type Attention } from './attention.js';
import type { Dropout } from './dropout.js';
import { applyLayerNorm, initLayerNorm, type LayerNorm } from './layer-norm.js';
import { applyLinear, initLinear, type Linear } from './linear.js';
import type { ParameterInit } from './parameters.js';

export type TransformerLayer<Leaf = Tensor> = {
  attention_norm: LayerNorm<Leaf>;
  attention: Attention<Leaf>;
  attention_output: Linear<Leaf>;
  feed_forward_norm: LayerNorm<Leaf>;
  feed_forward_in: Linear<Leaf>;
  feed_forward_out: Linear<Leaf>;
};

export function initTransformerLayer(rng: Rng, { width, feedForward }: { width: number; feedForward: number }): TransformerLayer<ParameterInit> {
  return {
    attention_norm: initLayerNorm(width),
    attention: initAttention(rng.split('attention'), { queryWidth: width, memoryWidth: width, width }),
    attention_output: initLinear(rng.split('attention_output'), { inputs: width, outputs: width }),
    feed_forward_norm: initLayerNorm(width),
    feed_forward_in: initLinear(rng.split('feed_forward_in'), { inputs: width, outputs: feedForward }),
    feed_forward_out: initLinear(rng.split('feed_forward_out'), { inputs: feedForward, outputs: width }),
  };
}

export interface TransformerLayerInput {
  x_BSD: Tensor;
  bias_B11S: Tensor;
  heads: number;
  dropout: Dropout;
  site: string;
}

/** @returns [B, S, D] */
export function transformerLayer(p: TransformerLayer, { x_BSD, bias_B11S, heads, dropout, site }: TransformerLayerInput): Tensor {
  const normed_BSD = applyLayerNorm(p.attention_norm, x_BSD, 1e-6);
  const context_BSD = attend(p.attention, { x_BTD: normed_BSD, memory_BSD: normed_BSD, bias_B11S, heads, dropout, site });
  const attended_BSD = tf.add(x_BSD, dropout(applyLinear(p.attention_output, context_BSD), `${site}.attention_output`));
  const fed_BSD = feedForward(applyLayerNorm(p.feed_forward_norm, attended_BSD, 1e-6), p.feed_forward_in, p.feed_forward_out);
  return tf.add(attended_BSD, dropout(fed_BSD, `${site}.feed_forward`));
}

/**
 * Reading a note for codes: every code attends to the tokens with a query made from its embedding (LAAT, Vu et al. 2020), and scores
 * what it read with weights made from the same embedding. Pre-training and fine-tuning share it, so that what text-to-code prediction
 * learnt about finding a code is where ICD coding looks for it; a code without examples is read for by its place in the hierarchy.
 */
import type { Rng } from '../core/rng.js';
import { tf, type Tensor } from '../engine/index.js';
import { labelAttention } from '../nn/label-attention.js';
import { applyLinear, initLinear, type Linear } from '../nn/linear.js';
import { maskedScores } from '../nn/mask.js';
import type { ParameterInit } from '../nn/parameters.js';
import type { ModelConfig } from './config.js';

export type CodeReader<Leaf = Tensor> = {
  /** Tokens → keys: tanh(W h). */
  key: Linear<Leaf>;
  /** Code embedding → query. */
  query: Linear<Leaf>;
  /** Code embedding → weights of the score. */
  weight: Linear<Leaf>;
};

export function initCodeReader(rng: Rng, { text, codes, reader }: ModelConfig): CodeReader<ParameterInit> {
  const map = (name: string, inputs: number, outputs: number) => initLinear(rng.split(name), { inputs, outputs, init: 'glorot' });
  return { key: map('key', text.width, reader.width), query: map('query', codes.width, reader.width), weight: map('weight', codes.width, text.width) };
}

/** Queries [L, P] and weights [L, D] of codes with embeddings codes_LC. */
export interface CodeQueries {
  query_LP: Tensor;
  weight_LD: Tensor;
}

export const codeQueries = (p: CodeReader, codes_LC: Tensor): CodeQueries => ({
  query_LP: applyLinear(p.query, codes_LC),
  weight_LD: applyLinear(p.weight, codes_LC),
});

/** @returns each code's score [B, L] and its attention over the tokens [B, L, N] */
export function readForCodes(p: CodeReader, tokens_BND: Tensor, mask_BN: Tensor, { query_LP, weight_LD }: CodeQueries): { scores_BL: Tensor; weights_BLN: Tensor } {
  const [batch, tokens] = mask_BN.shape as [number, number];
  const { weights_BLN, context_BLD } = labelAttention({
    keys_BNP: tf.tanh(applyLinear(p.key, tokens_BND)),
    values_BND: tokens_BND,
    queries_LP: query_LP,
    bias_B1N: tf.reshape(maskedScores(mask_BN), [batch, 1, tokens]),
  });
  return { scores_BL: tf.sum(tf.mul(context_BLD, weight_LD), -1), weights_BLN };
}

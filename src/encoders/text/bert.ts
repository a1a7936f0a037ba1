/** BERT's parameters (Devlin et al. 2019; RoBERTa's are the same), named as in Hugging Face. */
import type { Rng } from '../../core/rng.js';
import type { Tensor } from '../../engine/index.js';
import { initAttention, type Attention } from '../../nn/attention.js';
import { initLayerNorm, type LayerNorm } from '../../nn/layer-norm.js';
import { initLinear, type Linear } from '../../nn/linear.js';
import { normalInit, type ParameterInit } from '../../nn/parameters.js';
import { positionRows, type TextConfig } from '../config.js';

type Embedding<Leaf> = { weight: Leaf };

export type BertEmbeddings<Leaf = Tensor> = {
  word_embeddings: Embedding<Leaf>;
  position_embeddings: Embedding<Leaf>;
  token_type_embeddings: Embedding<Leaf>;
  LayerNorm: LayerNorm<Leaf>;
};

export type BertLayer<Leaf = Tensor> = {
  attention: { self: Attention<Leaf>; output: { dense: Linear<Leaf>; LayerNorm: LayerNorm<Leaf> } };
  intermediate: { dense: Linear<Leaf> };
  output: { dense: Linear<Leaf>; LayerNorm: LayerNorm<Leaf> };
};

export type Bert<Leaf = Tensor> = {
  embeddings: BertEmbeddings<Leaf>;
  /** Number of the layer, from 0 → layer. */
  encoder: { layer: Record<string, BertLayer<Leaf>> };
  pooler: { dense: Linear<Leaf> };
};

/** A tenth of the words': else half of what the first layer sees of a token, from scratch, is where it stands. */
const PLACE_STD = 0.002;

export function initBert(rng: Rng, config: TextConfig, vocabularySize: number): Bert<ParameterInit> {
  const { width, layers, token_types } = config;
  const table = (name: string, rows: number, std?: number) => ({ weight: normalInit(rng.split(name), [rows, width], { decay: false, std }) });
  return {
    embeddings: {
      word_embeddings: table('word', vocabularySize),
      position_embeddings: table('position', positionRows(config), PLACE_STD),
      token_type_embeddings: table('type', token_types, PLACE_STD),
      LayerNorm: initLayerNorm(width),
    },
    encoder: { layer: Object.fromEntries(Array.from({ length: layers }, (_, i) => [i, initBertLayer(rng.split('layer', i), config)])) },
    pooler: { dense: initLinear(rng.split('pooler'), { inputs: width, outputs: width }) },
  };
}

function initBertLayer(rng: Rng, { width, feed_forward }: TextConfig): BertLayer<ParameterInit> {
  const dense = (name: string, inputs: number, outputs: number) => initLinear(rng.split(name), { inputs, outputs });
  return {
    attention: {
      self: initAttention(rng.split('attention'), { queryWidth: width, memoryWidth: width, width }),
      output: { dense: dense('attention_output', width, width), LayerNorm: initLayerNorm(width) },
    },
    intermediate: { dense: dense('intermediate', width, feed_forward) },
    output: { dense: dense('output', feed_forward, width), LayerNorm: initLayerNorm(width) },
  };
}

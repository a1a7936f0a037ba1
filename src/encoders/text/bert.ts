/** The text encoder: BERT (Devlin et al. 2019), parameter names as in Hugging Face, notes longer than the window in chunks. */
import type { Rng } from '../core/rng.js';
import { gatherRows, gelu, tf, type Tensor } from '../engine/index.js';
import { attend, initAttention, type Attention } from '../nn/attention.js';
import type { Dropout } from '../nn/dropout.js';
import { applyLayerNorm, initLayerNorm, type LayerNorm } from '../nn/layer-norm.js';
import { applyLinear, initLinear, type Linear } from '../nn/linear.js';
import { maskedMean, maskedScores } from '../nn/mask.js';
import { normalInit, type ParameterInit } from '../nn/parameters.js';
import type { TextConfig } from './config.js';

type Embedding<Leaf> = { weight: Leaf };

export type BertLayer<Leaf = Tensor> = {
  attention: { self: Attention<Leaf>; output: { dense: Linear<Leaf>; LayerNorm: LayerNorm<Leaf> } };
  intermediate: { dense: Linear<Leaf> };
  output: { dense: Linear<Leaf>; LayerNorm: LayerNorm<Leaf> };
};

export type Bert<Leaf = Tensor> = {
  embeddings: {
    word_embeddings: Embedding<Leaf>;
    position_embeddings: Embedding<Leaf>;
    token_type_embeddings: Embedding<Leaf>;
    LayerNorm: LayerNorm<Leaf>;
  };
  /** Absent without layers. */
  encoder?: { layer: Record<string, BertLayer<Leaf>> };
  pooler: { dense: Linear<Leaf> };
};

/** A tenth of the words': else half of what the first layer sees of a token, from scratch, is where it stands. */
const PLACE_STD = 0.002;

export function initBert(rng: Rng, config: TextConfig, vocabularySize: number): Bert<ParameterInit> {
  const { width, layers, window } = config;
  const table = (name: string, rows: number, std?: number) => ({ weight: normalInit(rng.split(name), [rows, width], { decay: false, std }) });
  return {
    embeddings: {
      word_embeddings: table('word', vocabularySize),
      position_embeddings: table('position', window, PLACE_STD),
      token_type_embeddings: table('type', 2, PLACE_STD),
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

export interface EncodedText {
  /** Contextual tokens [B, T, D]. */
  tokens_BTD: Tensor;
  /** Visit vector [B, D]. */
  visit_BD: Tensor;
}

/**
 * ids_BT int32, mask_BT bool. T is at most the window, or a multiple of it: then every window of tokens is encoded by itself
 * (positions start anew) and the tokens are laid end to end again.
 */
export function encodeText(p: Bert, { ids_BT, mask_BT }: { ids_BT: Tensor; mask_BT: Tensor }, config: TextConfig, dropout: Dropout): EncodedText {
  const [batch, length] = ids_BT.shape as [number, number];
  const window = Math.min(length, config.window);
  const chunks = [(batch * length) / window, window];
  const bias_B11S = maskedScores(tf.reshape(mask_BT, chunks));
  let x = embed(p, tf.reshape(ids_BT, chunks), dropout);
  for (const [i, layer] of Object.entries(p.encoder?.layer ?? {})) x = bertLayer(layer, { x, bias_B11S, heads: config.heads, dropout, site: `text.${i}` });
  const tokens_BTD = tf.reshape(x, [batch, length, config.width]);
  const pooled_BD = config.pooling === 'mean' ? maskedMean(tokens_BTD, mask_BT) : firstToken(tokens_BTD);
  return { tokens_BTD, visit_BD: tf.tanh(applyLinear(p.pooler.dense, pooled_BD)) };
}

/** x_BTD → x_BD at position 0 */
export function firstToken(x_BTD: Tensor): Tensor {
  const [batch, , width] = x_BTD.shape as [number, number, number];
  return tf.reshape(tf.slice(x_BTD, [0, 0, 0], [batch, 1, width]), [batch, width]);
}

function embed({ embeddings }: Bert, ids_BT: Tensor, dropout: Dropout): Tensor {
  const [, length] = ids_BT.shape as [number, number];
  const rows = (table: Tensor, count: number) => tf.slice(table, [0, 0], [count, table.shape[1]!]);
  const words_BTD = gatherRows(embeddings.word_embeddings.weight, ids_BT);
  const places_TD = tf.add(rows(embeddings.position_embeddings.weight, length), rows(embeddings.token_type_embeddings.weight, 1));
  return dropout(applyLayerNorm(embeddings.LayerNorm, tf.add(words_BTD, places_TD)), 'text.embeddings');
}

interface BertLayerInput {
  x: Tensor;
  bias_B11S: Tensor;
  heads: number;
  dropout: Dropout;
  site: string;
}

function bertLayer(p: BertLayer, { x, bias_B11S, heads, dropout, site }: BertLayerInput): Tensor {
  const context = attend(p.attention.self, { x_BTD: x, memory_BSD: x, bias_B11S, heads, dropout, site });
  const attended = dropout(applyLinear(p.attention.output.dense, context), `${site}.attention_output`);
  const h = applyLayerNorm(p.attention.output.LayerNorm, tf.add(x, attended));
  const fed = applyLinear(p.output.dense, gelu(applyLinear(p.intermediate.dense, h)));
  return applyLayerNorm(p.output.LayerNorm, tf.add(h, dropout(fed, `${site}.output`)));
}

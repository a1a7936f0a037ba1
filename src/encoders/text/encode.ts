/** The text encoder: notes in chunks → contextual tokens and a visit vector. */
import { shapeError } from '../../core/errors.js';
import { tf, type Tensor } from '../../engine/index.js';
import type { Dropout } from '../../nn/dropout.js';
import { applyLinear } from '../../nn/linear.js';
import { maskedMax, maskedMean, maskedScores } from '../../nn/mask.js';
import type { TextConfig } from '../config.js';
import { convolve } from './convolution.js';
import { activations, bertLayer, embedTokens } from './layers.js';
import { recur } from './recurrence.js';
import type { TextEncoder, TextLayer, TextLayers } from './text-encoder.js';

/** B visits of C chunks of W tokens; a chunk is read by itself. */
export interface TextInput {
  /** int32 [B, C, W]. */
  ids?: Tensor;
  /** Instead of ids: what the frozen prefix made of them [B, C, W, D]. */
  hidden?: Tensor;
  /** bool [B, C, W]. */
  mask: Tensor;
}

export interface EncodedText {
  /** Contextual tokens [B, C·W, D], chunks end to end. */
  tokens_BTD: Tensor;
  /** Visit vector [B, D]. */
  visit_BD: Tensor;
}

export function encodeText(p: TextEncoder, input: TextInput, config: TextConfig, dropout: Dropout): EncodedText {
  const [batch, chunks, width] = input.mask.shape as [number, number, number];
  const x_NWD = hiddenStates(p, input, config, dropout).at(-1)!;
  const tokens_BTD = tf.reshape(x_NWD, [batch, chunks * width, config.width]);
  const mask_BT = tf.reshape(input.mask, [batch, chunks * width]);
  const pooled_BD = {
    cls: () => meanOfFirstTokens(x_NWD, input.mask),
    mean: () => maskedMean(tokens_BTD, mask_BT),
    max: () => maskedMax(tokens_BTD, mask_BT),
  }[config.pooling]();
  return { tokens_BTD, visit_BD: tf.tanh(applyLinear(p.pooler.dense, pooled_BD)) };
}

/** What the first of the model's layers reads, then the output of each layer: [B·C, W, D]. */
export function hiddenStates(p: TextLayers, { ids, hidden, mask }: TextInput, config: TextConfig, dropout: Dropout): Tensor[] {
  const [batch, chunks, width] = mask.shape as [number, number, number];
  const rows = batch * chunks;
  const applyLayer = layerOver(tf.reshape(mask, [rows, width]), config, dropout);
  const states = [hidden ? tf.reshape(hidden, [rows, width, config.width]) : embedTokens(embeddingsOf(p), tf.reshape(ids!, [rows, width]), config, dropout)];
  for (const [i, layer] of Object.entries(p.encoder?.layer ?? {})) states.push(applyLayer(layer, states.at(-1)!, `text.${i}`));
  return states;
}

/** The forward pass of a layer of any kind over tokens with that mask. `site` names its places of dropout. */
function layerOver(mask_NW: Tensor, config: TextConfig, dropout: Dropout): (layer: TextLayer, x_NWD: Tensor, site: string) => Tensor {
  const bias_N11W = maskedScores(mask_NW);
  return (layer, x_NWD, site) => {
    if ('attention' in layer) return bertLayer(layer, { x_NWD, bias_N11W, config, dropout, site });
    const read_NWD = 'convolution' in layer ? activations[config.activation](convolve(layer, x_NWD, mask_NW, config.kernel)) : recur(layer, x_NWD, mask_NW);
    return dropout(read_NWD, `${site}.output`);
  };
}

function embeddingsOf({ embeddings }: TextLayers) {
  if (!embeddings) throw shapeError('encodeText: the model has no embeddings (they are frozen); it needs the prefix\'s output as input');
  return embeddings;
}

/** The [CLS] of each chunk, averaged over the chunks that hold something: [B, D]. One chunk: BERT's pooling. */
function meanOfFirstTokens(x_NWD: Tensor, mask_BCW: Tensor): Tensor {
  const [batch, chunks] = mask_BCW.shape as [number, number, number];
  const [rows, , depth] = x_NWD.shape as [number, number, number];
  const first_BCD = tf.reshape(tf.slice(x_NWD, [0, 0, 0], [rows, 1, depth]), [batch, chunks, depth]);
  const used_BC = tf.reshape(tf.slice(mask_BCW, [0, 0, 0], [batch, chunks, 1]), [batch, chunks]);
  return maskedMean(first_BCD, used_BC);
}

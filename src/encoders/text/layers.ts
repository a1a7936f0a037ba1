/** BERT's forward pass: embeddings, and one Transformer layer (post-norm). */
import { feedForward, gatherRows, gelu, tf, type Tensor } from '../../engine/index.js';
import { attend } from '../../nn/attention.js';
import type { Dropout } from '../../nn/dropout.js';
import { applyLayerNorm } from '../../nn/layer-norm.js';
import { applyLinear } from '../../nn/linear.js';
import type { TextConfig } from '../config.js';
import type { BertLayer } from './bert.js';
import type { TextEmbeddings } from './text-encoder.js';

export const activations: Record<TextConfig['activation'], (x: Tensor) => Tensor> = {
  gelu,
  gelu_tanh: (x) => {
    const cubic = tf.mul(tf.mul(tf.square(x), x), 0.044715);
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI))), 1));
  },
  relu: (x) => tf.relu(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
};

/** ids_NW int32, [CLS] at position 0 of each row → [N, W, D] */
export function embedTokens(p: TextEmbeddings, ids_NW: Tensor, config: TextConfig, dropout: Dropout): Tensor {
  const words_NWD = gatherRows(p.word_embeddings.weight, ids_NW);
  const places_WD = placesOf(p, ids_NW.shape[1]!, config);
  return dropout(applyLayerNorm(p.LayerNorm, places_WD ? tf.add(words_NWD, places_WD) : words_NWD, config.norm_epsilon), 'text.embeddings');
}

/** Position and token type, for an encoder that has them. */
function placesOf({ position_embeddings, token_type_embeddings }: TextEmbeddings, width: number, { position_offset }: TextConfig): Tensor | undefined {
  if (!position_embeddings || !token_type_embeddings) return undefined;
  const rows = (table: Tensor, first: number, count: number) => tf.slice(table, [first, 0], [count, table.shape[1]!]);
  return tf.add(rows(position_embeddings.weight, position_offset, width), rows(token_type_embeddings.weight, 0, 1));
}

export interface BertLayerInput {
  x_NWD: Tensor;
  /** From `maskedScores`. */
  bias_N11W: Tensor;
  config: TextConfig;
  dropout: Dropout;
  /** Names the layer's places of dropout. */
  site: string;
}

/** @returns [N, W, D] */
export function bertLayer(p: BertLayer, { x_NWD, bias_N11W, config: { heads, activation, norm_epsilon }, dropout, site }: BertLayerInput): Tensor {
  const context = attend(p.attention.self, { x_BTD: x_NWD, memory_BSD: x_NWD, bias_B11S: bias_N11W, heads, dropout, site });
  const attended = dropout(applyLinear(p.attention.output.dense, context), `${site}.attention_output`);
  const [into, out] = [p.intermediate.dense, p.output.dense];
  const hidden = applyLayerNorm(p.attention.output.LayerNorm, tf.add(x_NWD, attended), norm_epsilon);
  const fed = activation === 'gelu' ? feedForward(hidden, into, out) : applyLinear(out, activations[activation](applyLinear(into, hidden)));
  return applyLayerNorm(p.output.LayerNorm, tf.add(hidden, dropout(fed, `${site}.output`)), norm_epsilon);
}

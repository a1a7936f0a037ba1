/**
 * ICD coding: label attention over the tokens of text and input codes (LAAT), plus a term from the visit's vectors (MedM-PLM eq. 16).
 * A label's query and weights come from its code embedding and from parameters of its own, so that rare labels start from
 * their place in the hierarchy and from pre-training.
 */
import type { Rng } from '../../src/core/rng.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { gatherRows, linear, staticTensor, tf, type Tensor } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { labelAttention } from '../../src/nn/label-attention.js';
import { applyLinear, initLinear, type Linear } from '../../src/nn/linear.js';
import { maskedScores } from '../../src/nn/mask.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import { constantInit, normalInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';

export type IcdCodingHead<Leaf = Tensor> = {
  /** LAAT's W: tokens → keys. */
  key: Linear<Leaf>;
  /** Kind → projection of its tokens to the text's width. */
  codes_to_text: Record<string, Linear<Leaf>>;
  /** One a label [L, P] and [L, D]. */
  label_query: Leaf;
  label_weight: Leaf;
  /** From code embeddings to queries and weights. */
  code_to_query?: Linear<Leaf>;
  code_to_weight?: Linear<Leaf>;
  visit: Mlp<Leaf>;
  bias: Leaf;
};

/** The labels of a task: rows of a kind's code table, with the share of training visits that carry each. */
export interface LabelSpace {
  kind: string;
  rows: Int32Array;
  frequencies: Float32Array;
}

export interface HeadOptions {
  head: FinetuneConfig['head'];
  /** Kinds of codes that are inputs. */
  inputKinds: readonly string[];
  labels: LabelSpace;
}

export function initIcdCodingHead(rng: Rng, { config: { text, codes } }: ModelSpec, { head, inputKinds, labels }: HeadOptions): IcdCodingHead<ParameterInit> {
  const count = labels.rows.length;
  const from = (name: string, inputs: number, outputs: number) => initLinear(rng.split(name), { inputs, outputs, init: 'glorot' });
  return {
    key: from('key', text.width, head.attention_width),
    codes_to_text: Object.fromEntries(inputKinds.map((kind) => [kind, from(`codes_to_text.${kind}`, codes.width, text.width)])),
    label_query: normalInit(rng.split('query'), [count, head.attention_width], { decay: true }),
    label_weight: normalInit(rng.split('weight'), [count, text.width], { decay: true }),
    ...(head.label_embeddings === 'codes'
      ? { code_to_query: from('code_to_query', codes.width, head.attention_width), code_to_weight: from('code_to_weight', codes.width, text.width) }
      : {}),
    visit: initMlp(rng.split('visit'), { inputs: text.width + inputKinds.length * codes.width, hidden: text.width, outputs: text.width }),
    bias: logOdds(labels.frequencies),
  };
}

/** At the start every label is predicted with its frequency. */
function logOdds(frequencies: Float32Array): ParameterInit {
  const bias = constantInit([frequencies.length], 0);
  const clipped = (p: number): number => Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  bias.values.set(Array.from(frequencies, (p) => Math.log(clipped(p) / (1 - clipped(p)))));
  return bias;
}

export interface IcdCodingOutput {
  logits_BL: Tensor;
  /** Each label's attention over text tokens, then the tokens of each input kind [B, L, N]. */
  weights_BLN: Tensor;
}

export function icdCoding(p: IcdCodingHead, visit: EncodedVisit, labels: LabelSpace, dropout: Dropout): IcdCodingOutput {
  const { query_LP, weight_LD } = labelParameters(p, visit, labels);
  const { values_BND, mask_BN } = tokensToRead(p, visit);
  const read_BND = dropout(values_BND, 'head.tokens');
  const [batch, tokens] = mask_BN.shape as [number, number];
  const { weights_BLN, context_BLD } = labelAttention({
    keys_BNP: tf.tanh(applyLinear(p.key, read_BND)),
    values_BND: read_BND,
    queries_LP: query_LP,
    bias_B1N: tf.reshape(maskedScores(mask_BN), [batch, 1, tokens]),
  });
  const vectors = [visit.text.visit, ...Object.values(visit.codes).map((modality) => modality.visit)];
  const visit_BD = applyMlp(p.visit, dropout(tf.concat(vectors, 1), 'head.visit'));
  const logits_BL = tf.add(tf.add(tf.sum(tf.mul(context_BLD, weight_LD), -1), linear(visit_BD, weight_LD)), p.bias);
  return { logits_BL, weights_BLN };
}

function labelParameters(p: IcdCodingHead, { tables }: EncodedVisit, { kind, rows }: LabelSpace): { query_LP: Tensor; weight_LD: Tensor } {
  if (!p.code_to_query || !p.code_to_weight) return { query_LP: p.label_query, weight_LD: p.label_weight };
  const codes_LC = gatherRows(tables[kind]!, staticTensor(rows, [rows.length]));
  return {
    query_LP: tf.add(applyLinear(p.code_to_query, codes_LC), p.label_query),
    weight_LD: tf.add(applyLinear(p.code_to_weight, codes_LC), p.label_weight),
  };
}

/** Text tokens and projected code tokens end to end, with what of them is there. */
function tokensToRead(p: IcdCodingHead, { text, codes }: EncodedVisit): { values_BND: Tensor; mask_BN: Tensor } {
  const kinds = Object.entries(codes);
  const projected = kinds.map(([kind, { tokens }]) => applyLinear(p.codes_to_text[kind]!, tokens));
  const masks = [text, ...kinds.map(([, modality]) => modality)].map(({ mask }) => tf.cast(mask, 'float32'));
  return { values_BND: tf.concat([text.tokens, ...projected], 1), mask_BN: tf.cast(tf.concat(masks, 1), 'bool') };
}

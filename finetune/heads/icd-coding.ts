/**
 * ICD coding: label attention over the tokens of text and input codes (LAAT), plus a term from the visit's vectors (MedM-PLM eq. 16).
 * A label's query and weights come from its code embedding and from parameters of its own, so that rare labels start from
 * their place in the hierarchy and from pre-training.
 */
import type { Rng } from '../../src/core/rng.js';
import { codeQueries, readForCodes, type CodeQueries, type CodeReader } from '../../src/encoders/code-reader.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { gatherRows, linear, staticTensor, tf, type Tensor } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { applyLinear, initLinear, type Linear } from '../../src/nn/linear.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import { constantInit, normalInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';

export type IcdCodingHead<Leaf = Tensor> = {
  /** Kind → projection of its tokens to the text's width. */
  codes_to_text: Record<string, Linear<Leaf>>;
  /** Of each label alone, added to what its code embedding gives [L, P] and [L, D]. */
  label_query: Leaf;
  label_weight: Leaf;
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
  /** Kinds of codes that are inputs. */
  inputKinds: readonly string[];
  labels: LabelSpace;
}

export function initIcdCodingHead(rng: Rng, { config: { text, codes, reader } }: ModelSpec, { inputKinds, labels }: HeadOptions): IcdCodingHead<ParameterInit> {
  const count = labels.rows.length;
  const from = (name: string, inputs: number, outputs: number) => initLinear(rng.split(name), { inputs, outputs, init: 'glorot' });
  return {
    codes_to_text: Object.fromEntries(inputKinds.map((kind) => [kind, from(`codes_to_text.${kind}`, codes.width, text.width)])),
    label_query: normalInit(rng.split('query'), [count, reader.width]),
    label_weight: normalInit(rng.split('weight'), [count, text.width]),
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

export interface IcdCodingInput {
  reader: CodeReader;
  visit: EncodedVisit;
  labels: LabelSpace;
  /** See `finetune.head.label_embeddings`. */
  embeddings: FinetuneConfig['head']['label_embeddings'];
  dropout: Dropout;
}

export function icdCoding(p: IcdCodingHead, { reader, visit, labels, embeddings, dropout }: IcdCodingInput): IcdCodingOutput {
  const free: CodeQueries = { query_LP: p.label_query, weight_LD: p.label_weight };
  const queries = embeddings === 'free' ? free : addQueries(free, codeQueries(reader, labelCodes(visit, labels)));
  const { tokens_BND, mask_BN } = tokensToRead(p, visit);
  const { scores_BL, weights_BLN } = readForCodes(reader, dropout(tokens_BND, 'head.tokens'), mask_BN, queries);
  const vectors = [visit.text.visit, ...Object.values(visit.codes).map((modality) => modality.visit)];
  const visit_BD = applyMlp(p.visit, dropout(tf.concat(vectors, 1), 'head.visit'));
  return { logits_BL: tf.add(tf.add(scores_BL, linear(visit_BD, queries.weight_LD)), p.bias), weights_BLN };
}

const labelCodes = ({ tables }: EncodedVisit, { kind, rows }: LabelSpace): Tensor => gatherRows(tables[kind]!, staticTensor(rows, [rows.length]));

const addQueries = (a: CodeQueries, b: CodeQueries): CodeQueries => ({
  query_LP: tf.add(a.query_LP, b.query_LP),
  weight_LD: tf.add(a.weight_LD, b.weight_LD),
});

/** Text tokens and projected code tokens end to end, with what of them is there. */
function tokensToRead(p: IcdCodingHead, { text, codes }: EncodedVisit): { tokens_BND: Tensor; mask_BN: Tensor } {
  const kinds = Object.entries(codes);
  const projected = kinds.map(([kind, { tokens }]) => applyLinear(p.codes_to_text[kind]!, tokens));
  const masks = [text, ...kinds.map(([, modality]) => modality)].map(({ mask }) => tf.cast(mask, 'float32'));
  return { tokens_BND: tf.concat([text.tokens, ...projected], 1), mask_BN: tf.cast(tf.concat(masks, 1), 'bool') };
}

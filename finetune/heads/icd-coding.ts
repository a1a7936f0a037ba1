/**
 * ICD coding: label attention over the tokens of text and input codes (LAAT), plus a term from the visit's vectors (MedM-PLM eq. 16).
 * Labels are read for with the encoder's code reader, which pre-training has trained.
 */
import type { Rng } from '../../src/core/rng.js';
import { codeQueries, readForCodes, tokensToRead, type CodeReader } from '../../src/encoders/code-reader.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import { constantInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';

export type IcdCodingHead<Leaf = Tensor> = {
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

export function initIcdCodingHead(rng: Rng, { config: { text, codes } }: ModelSpec, { inputKinds, labels }: HeadOptions): IcdCodingHead<ParameterInit> {
  return {
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
  config: ModelConfig;
  visit: EncodedVisit;
  labels: LabelSpace;
  /** See `finetune.head.label_embeddings`. */
  embeddings: FinetuneConfig['head']['label_embeddings'];
  dropout: Dropout;
}

export function icdCoding(p: IcdCodingHead, { reader, config, visit, labels, embeddings, dropout }: IcdCodingInput): IcdCodingOutput {
  const queries = codeQueries(reader, { kind: labels.kind, rows: labels.rows, table_VC: embeddings === 'codes' ? visit.tables[labels.kind] : undefined });
  const { tokens_BND, mask_BN } = tokensToRead(reader, visit.text, visit.codes);
  const { scores_BL, weights_BLN } = readForCodes(reader, { tokens_BND: dropout(tokens_BND, 'head.tokens'), mask_BN }, queries, config.reader);
  const vectors = [visit.text.visit, ...Object.values(visit.codes).map((modality) => modality.visit)];
  const visit_BD = applyMlp(p.visit, dropout(tf.concat(vectors, 1), 'head.visit'));
  return { logits_BL: tf.add(tf.add(scores_BL, linear(visit_BD, queries.weight_LD)), p.bias), weights_BLN };
}

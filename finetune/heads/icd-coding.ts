/**
 * ICD coding: label attention over the tokens of text and input codes (LAAT), plus a term from the visit's vectors (MedM-PLM eq. 16).
 * Labels are read for with the encoder's code reader, which pre-training has trained.
 */
import type { Rng } from '../../src/core/rng.js';
import { codeQueries, readChunksForCodes, readForCodes, tokensToRead, type ChunkedReading, type CodeReader } from '../../src/encoders/code-reader.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import { valuesInit, type ParameterInit } from '../../src/nn/parameters.js';
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
  const clipped = (p: number): number => Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return valuesInit([frequencies.length], Array.from(frequencies, (p) => Math.log(clipped(p) / (1 - clipped(p)))));
}

export interface IcdCodingInput {
  reader: CodeReader;
  config: ModelConfig;
  visit: EncodedVisit;
  labels: LabelSpace;
  head: FinetuneConfig['head'];
  dropout: Dropout;
}

/** @returns logits [B, L] */
export function icdCoding(p: IcdCodingHead, { reader, config, visit, labels, head, dropout }: IcdCodingInput): Tensor {
  const queries = codeQueries(reader, { kind: labels.kind, rows: labels.rows, table_VC: head.label_embeddings === 'codes' ? visit.tables[labels.kind] : undefined });
  const vectors = [visit.text.visit, ...Object.values(visit.codes).map((modality) => modality.visit)];
  const visit_BD = applyMlp(p.visit, dropout(tf.concat(vectors, 1), 'head.visit'));
  const read = head.chunks === 'max' ? readChunksForCodes : readAllForCodes;
  const scores_BL = read(reader, { ...visit, queries, dropout }, config.reader);
  return tf.add(tf.add(scores_BL, linear(visit_BD, queries.weight_LD)), p.bias);
}

/** One reading over the tokens of all chunks and of the input codes. */
function readAllForCodes(reader: CodeReader, { text, codes, queries, dropout }: ChunkedReading, config: ModelConfig['reader']): Tensor {
  const { tokens_BND, mask_BN } = tokensToRead(reader, text, codes);
  return readForCodes(reader, { tokens_BND: dropout(tokens_BND, 'head.tokens'), mask_BN }, queries, config).scores_BL;
}

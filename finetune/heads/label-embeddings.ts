/**
 * What labels have in common with other labels: the embeddings of their codes, which graph attention makes of the hierarchy, and the words of their
 * titles, which are the words of the notes. A code that no training visit carries is scored by them alone.
 */
import { configurationError } from '../../src/core/errors.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { gatherRows, staticTensor, tf, type Tensor } from '../../src/engine/index.js';
import { applyLayerNorm, type LayerNorm } from '../../src/nn/layer-norm.js';
import { constantInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';
import type { LabelSpace } from './label-space.js';

export interface LabelSources {
  codes: boolean;
  titles: boolean;
}

/** By default our own label attention embeds codes, as in pre-training; the published heads' labels are free, as published. */
export function labelSources({ kind, label_embeddings = kind === 'label-attention' ? 'codes' : 'free' }: FinetuneConfig['head']): LabelSources {
  return { codes: label_embeddings.includes('codes'), titles: label_embeddings.includes('titles') };
}

/** @throws configuration error when there is nothing to embed labels by, or labels that nothing could score */
export function checkSources({ codes, titles }: LabelSources, space: LabelSpace, inputs: readonly string[]): void {
  if (titles && !inputs.includes('text')) throw configurationError("finetune.head.label_embeddings: titles share the note's words, and text is not among finetune.inputs; add text, or set label_embeddings: codes");
  if (titles && space.titles && !space.titles.some(({ length }) => length)) throw configurationError('finetune.head.label_embeddings: none of the labels has a title in vocab.json; give the source its dictionary of titles, or set label_embeddings: codes');
  if (space.learnt && !codes && !titles) throw configurationError('finetune.labels.extra: codes never seen in training are scored by hierarchy or title; set finetune.head.label_embeddings: codes, titles or codes+titles');
}

/** Titles begin as long as code embeddings do, about 1. */
export const initTitleNorm = ({ config: { text } }: ModelSpec): LayerNorm<ParameterInit> => ({
  weight: constantInit([text.width], 1 / Math.sqrt(text.width)),
  bias: constantInit([text.width], 0),
});

/** Of all labels: codes [L, C], titles [L, D]; absent what is not embedded. */
export interface LabelEmbeddings {
  codes_LC?: Tensor;
  titles_LD?: Tensor;
}

export interface EmbedLabelsInput {
  tables: EncodedVisit['tables'];
  /** The text encoder's word embeddings. */
  words?: Tensor;
  /** Present where titles are read. */
  norm?: LayerNorm;
}

export function embedLabels({ groups, titles }: LabelSpace, { codes }: LabelSources, { tables, words, norm }: EmbedLabelsInput): LabelEmbeddings {
  return {
    ...(codes ? { codes_LC: tf.concat(groups.map(({ kind, rows }) => gatherRows(tables[kind]!, staticTensor(rows, [rows.length]))), 0) } : {}),
    ...(norm ? { titles_LD: applyLayerNorm(norm, meanOfPieces(words!, titles!)) } : {}),
  };
}

/** @returns the mean of each title's word vectors [L, D]; 0 for a label without a title */
export function meanOfPieces(words_VD: Tensor, titles: readonly Int32Array[]): Tensor {
  const [L, longest] = [titles.length, Math.max(1, ...titles.map(({ length }) => length))];
  const ids = new Int32Array(L * longest);
  const weights = new Float32Array(L * longest);
  titles.forEach((pieces, label) => {
    ids.set(pieces, label * longest);
    weights.fill(1 / pieces.length, label * longest, label * longest + pieces.length);
  });
  const pieces_LTD = gatherRows(words_VD, staticTensor(ids, [L, longest]));
  return tf.sum(tf.mul(pieces_LTD, staticTensor(weights, [L, longest, 1])), 1);
}

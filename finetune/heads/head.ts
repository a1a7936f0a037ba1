/** What turns an encoded visit into a score for each label. */
import { configurationError } from '../../src/core/errors.js';
import type { Rng } from '../../src/core/rng.js';
import type { Tree } from '../../src/core/tree.js';
import type { CodeReader } from '../../src/encoders/code-reader.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import { gatherRows, tf, type Tensor, type Tensors } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { valuesInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';
import type { LabelSpace } from './label-space.js';

/** What the heads of tasks whose labels are codes are made for. */
export interface CodeHeadOptions {
  config: FinetuneConfig['head'];
  inputs: readonly string[];
  labels: LabelSpace;
}

export interface HeadInput<Parameters> {
  p: Parameters;
  reader: CodeReader;
  visit: EncodedVisit;
  /** The text encoder's word embeddings, for heads that use them. */
  words?: Tensor;
  /** All tensors of the batch. */
  inputs: Tensors;
  dropout: Dropout;
}

/** Where a head looked for some of its labels. */
export interface Explanation {
  /** Logits [B, K]. */
  scores_BL: Tensor;
  /** Attention of each label over the tokens of the text, chunks end to end [B, K, N]: sums to 1 where the visit has text, 0 on padding. */
  weights_BLN: Tensor;
}

export interface Head {
  init(rng: Rng, spec: ModelSpec): Tree<ParameterInit>;
  /** @param labels int32 [K]: those that are wanted, by their place among the task's labels; all by default @returns logits [B, K] */
  logits(input: HeadInput<Tree<Tensor>>, spec: ModelSpec, labels?: Tensor): Tensor;
  /** For heads whose labels attend to the text, when it is an input. `labels` may be an input of the program, so that one program serves all choices. */
  explain?(input: HeadInput<Tree<Tensor>>, spec: ModelSpec, labels: Tensor): Explanation;
  /** Whether the encoder's code reader takes part; otherwise its parameters stay as they are. */
  usesReader: boolean;
  /** Whether the embeddings of the labels' codes are wanted. */
  usesCodes?: boolean;
  /** Whether the text encoder's word embeddings are wanted, also where they are frozen. */
  usesWords?: boolean;
}

interface TypedHead<Parameters, Loaded> extends Omit<Head, 'init' | 'logits' | 'explain'> {
  init: (rng: Rng, spec: ModelSpec) => Parameters;
  logits: (input: HeadInput<Loaded>, spec: ModelSpec, labels?: Tensor) => Tensor;
  explain?: (input: HeadInput<Loaded>, spec: ModelSpec, labels: Tensor) => Explanation;
}

/** Keeps a head's parameter types while the model forgets them. */
export const defineHead = <Parameters extends Tree<ParameterInit>, Loaded>(head: TypedHead<Parameters, Loaded>): Head => head as unknown as Head;

/** @throws configuration error for what is ICD coding's */
export function refuseCodingHeads(task: string, { kind, label_embeddings = 'codes' }: FinetuneConfig['head']): void {
  if (label_embeddings.includes('titles')) throw configurationError(`finetune.head.label_embeddings: ${label_embeddings} is for icd-coding; for ${task} set codes or free`);
  if (kind !== 'label-attention' && kind !== 'mlp') throw configurationError(`finetune.head.kind: ${kind} is a head of icd-coding; for ${task} set label-attention or mlp`);
}

/** Biases at which every label is predicted with its training frequency. @param shares [L] */
export function logOdds(shares: readonly number[]): ParameterInit {
  const clipped = (p: number): number => Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return valuesInit([shares.length], shares.map((p) => Math.log(clipped(p) / (1 - clipped(p)))));
}

/** @param bias_L [L] @param wanted int32 [K]; all by default */
export const chooseBiases = (bias_L: Tensor, wanted?: Tensor): Tensor => (wanted ? tf.reshape(gatherRows(tf.reshape(bias_L, [-1, 1]), wanted), [-1]) : bias_L);

/** x_BL → [B, K]. @param wanted int32 [K] */
export const chooseColumns = (x_BL: Tensor, wanted: Tensor): Tensor => tf.transpose(gatherRows(tf.transpose(x_BL), wanted));

/** Width of visit vectors laid side by side. */
export const widthOf = ({ config: { text, codes } }: ModelSpec, inputs: readonly string[]): number =>
  inputs.reduce((sum, input) => sum + (input === 'text' ? text.width : codes.width), 0);

/** The visit vectors of some modalities, after fusion, in their order. */
export const fusedVectors = ({ text, codes }: EncodedVisit, inputs: readonly string[]): Tensor[] => inputs.map((input) => (input === 'text' ? text! : codes[input]!).visit);

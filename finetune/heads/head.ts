/** What turns an encoded visit into a score for each label. */
import type { Rng } from '../../src/core/rng.js';
import type { Tree } from '../../src/core/tree.js';
import type { CodeReader } from '../../src/encoders/code-reader.js';
import type { EncodedVisit, ModelSpec } from '../../src/encoders/visit.js';
import type { Tensor, Tensors } from '../../src/engine/index.js';
import type { Dropout } from '../../src/nn/dropout.js';
import { valuesInit, type ParameterInit } from '../../src/nn/parameters.js';

export interface HeadInput<Parameters> {
  p: Parameters;
  reader: CodeReader;
  visit: EncodedVisit;
  /** All tensors of the batch. */
  inputs: Tensors;
  dropout: Dropout;
}

export interface Head {
  init(rng: Rng, spec: ModelSpec): Tree<ParameterInit>;
  /** @returns logits [B, L] */
  logits(input: HeadInput<Tree<Tensor>>, spec: ModelSpec): Tensor;
  /** Whether the encoder's code reader takes part; otherwise its parameters stay as they are. */
  usesReader: boolean;
}

/** Keeps a head's parameter types while the model forgets them. */
export const defineHead = <Parameters extends Tree<ParameterInit>, Loaded>(head: {
  init: (rng: Rng, spec: ModelSpec) => Parameters;
  logits: (input: HeadInput<Loaded>, spec: ModelSpec) => Tensor;
  usesReader: boolean;
}): Head => head as unknown as Head;

/** Biases at which every label is predicted with its training frequency. @param shares [L] */
export function logOdds(shares: readonly number[]): ParameterInit {
  const clipped = (p: number): number => Math.min(Math.max(p, 1e-6), 1 - 1e-6);
  return valuesInit([shares.length], shares.map((p) => Math.log(clipped(p) / (1 - clipped(p)))));
}

/** Width of visit vectors laid side by side. */
export const widthOf = ({ config: { text, codes } }: ModelSpec, inputs: readonly string[]): number =>
  inputs.reduce((sum, input) => sum + (input === 'text' ? text.width : codes.width), 0);

/** The visit vectors of some modalities, after fusion, in their order. */
export const fusedVectors = ({ text, codes }: EncodedVisit, inputs: readonly string[]): Tensor[] => inputs.map((input) => (input === 'text' ? text! : codes[input]!).visit);

/** A vector for each label: free parameters of its own, and linear maps of its code's embedding and of its title. */
import type { Rng } from '../../src/core/rng.js';
import type { ModelSpec } from '../../src/encoders/visit.js';
import { gatherRows, linear, staticTensor, tf, type Tensor } from '../../src/engine/index.js';
import { glorotInit, normalInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { LabelEmbeddings, LabelSources } from './label-embeddings.js';
import { learntFlags, type LabelSpace } from './label-space.js';

export type LabelVectors<Leaf = Tensor> = {
  /** [L, W]; 0 for labels that are not learnt, and stays so, since no loss reaches them. */
  own: Leaf;
  /** [W, C] */
  from_codes?: Leaf;
  /** [W, D] */
  from_titles?: Leaf;
};

export interface LabelVectorsConfig {
  width: number;
  space: LabelSpace;
  sources: LabelSources;
}

/** As LAAT, PLM-ICD and PLM-CA begin, in their code. */
const STD = 0.03;

export function initLabelVectors(rng: Rng, { width, space, sources }: LabelVectorsConfig, { config: { text, codes } }: ModelSpec): LabelVectors<ParameterInit> {
  const own = normalInit(rng.split('own'), [space.shares.length, width], { std: STD });
  const map = (name: string, inputs: number) => glorotInit(rng.split(name), [width, inputs]);
  return {
    own: withoutUnlearnt(own, learntFlags(space)),
    ...(sources.codes ? { from_codes: map('codes', codes.width) } : {}),
    ...(sources.titles ? { from_titles: map('titles', text.width) } : {}),
  };
}

function withoutUnlearnt(init: ParameterInit, flags: Float32Array | undefined): ParameterInit {
  if (!flags) return init;
  const width = init.shape[1]!;
  const fill = (values: Float32Array): void => {
    init.fill(values);
    flags.forEach((flag, label) => void (flag || values.fill(0, label * width, (label + 1) * width)));
  };
  return { ...init, fill };
}

/** @returns [L, W] */
function vectorsOf({ own, from_codes, from_titles }: LabelVectors, { codes_LC, titles_LD }: LabelEmbeddings): Tensor {
  const shared = [...(from_codes ? [linear(codes_LC!, from_codes)] : []), ...(from_titles ? [linear(titles_LD!, from_titles)] : [])];
  return shared.length ? tf.addN([own, ...shared]) : own;
}

/** What a head may ask of its labels' vectors. */
export interface LabelVectorsOf {
  /** Those that a score is wanted for [K, W]. */
  wanted(p: LabelVectors): Tensor;
  /** Those that training visits carry. */
  learnt(p: LabelVectors): Tensor;
}

/** @param wanted int32 [K]; all by default */
export function labelVectorsOf(embeddings: LabelEmbeddings, { learnt }: LabelSpace, wanted?: Tensor): LabelVectorsOf {
  const rows = (p: LabelVectors, labels: Tensor | undefined): Tensor => (labels ? gatherRows(vectorsOf(p, embeddings), labels) : vectorsOf(p, embeddings));
  return {
    wanted: (p) => rows(p, wanted),
    learnt: (p) => rows(p, learnt && staticTensor(learnt, [learnt.length])),
  };
}

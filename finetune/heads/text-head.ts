/**
 * ICD coding from the note alone, by one of the published heads: each is a {@link TokenReader} in a file of its own; what they have in common is here:
 * dropout, chunks, notes that are missing, and biases that begin at the labels' log odds.
 */
import type { Rng } from '../../src/core/rng.js';
import type { Tree } from '../../src/core/tree.js';
import { readNote, weightsWherePresent, type ReadTokens, type TokensToRead } from '../../src/encoders/read-note.js';
import type { ModelSpec } from '../../src/encoders/visit.js';
import { tf, type Tensor } from '../../src/engine/index.js';
import type { LayerNorm } from '../../src/nn/layer-norm.js';
import { zeroAbsent } from '../../src/nn/mask.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';
import { defineHead, logOdds, chooseBiases, type Explanation, type Head, type HeadInput } from './head.js';
import { embedLabels, initTitleNorm, labelSources } from './label-embeddings.js';
import type { LabelSpace } from './label-space.js';
import { initLabelVectors, labelVectorsOf, type LabelVectors, type LabelVectorsOf } from './label-vectors.js';

export interface TokenReaderInit {
  rng: Rng;
  spec: ModelSpec;
  config: FinetuneConfig['head'];
  /** Vectors of that width for all labels. */
  vectors: (name: string, width: number) => LabelVectors<ParameterInit>;
}

/** How a head reads a note, or one chunk of it. */
export interface TokenReader<Parameters = Tree<Tensor>> {
  init(options: TokenReaderInit): Tree<ParameterInit>;
  /** @returns scores without bias [B, K]; weights of the tokens, where labels attend to them [B, K, N] */
  read(p: Parameters, labels: LabelVectorsOf, tokens: TokensToRead): ReadTokens;
  /** One bias for all labels instead of one each. */
  sharesBias?: boolean;
  /** Whether `read` gives weights. */
  attends: boolean;
}

type TextHead<Leaf = Tensor> = { read: Tree<Leaf>; bias: Leaf; title_norm?: LayerNorm<Leaf> };

export function textHead(reader: TokenReader, { config, labels: space }: { config: FinetuneConfig['head']; labels: LabelSpace }): Head {
  const sources = labelSources(config);
  const read = ({ p, visit, words, dropout }: HeadInput<TextHead>, wanted?: Tensor): ReadTokens => {
    const { text, chunks, tables } = visit;
    const labels = labelVectorsOf(embedLabels(space, sources, { tables, words, norm: p.title_norm }), space, wanted);
    const tokens_BND = dropout(text!.tokens, 'head.text');
    return readNote((tokens) => reader.read(p.read, labels, tokens), { tokens_BND, mask_BN: text!.mask, chunks, pooling: config.chunks });
  };
  const logitsOf = ({ p, visit }: HeadInput<TextHead>, { scores_BL }: ReadTokens, wanted?: Tensor): Tensor =>
    tf.add(zeroAbsent(scores_BL, visit.text!.present), reader.sharesBias ? p.bias : chooseBiases(p.bias, wanted));
  return defineHead<TextHead<ParameterInit>, TextHead>({
    usesReader: false,
    usesCodes: sources.codes,
    usesWords: sources.titles,
    init: (rng, spec) => ({
      read: reader.init({ rng, spec, config, vectors: (name, width) => initLabelVectors(rng.split(name), { width, space, sources }, spec) }),
      bias: logOdds(reader.sharesBias ? [meanOf(space.shares)] : space.shares),
      ...(sources.titles ? { title_norm: initTitleNorm(spec) } : {}),
    }),
    logits: (input, _, wanted) => logitsOf(input, read(input, wanted), wanted),
    ...(reader.attends && {
      explain: (input: HeadInput<TextHead>, _: ModelSpec, wanted: Tensor): Explanation => {
        const found = read(input, wanted);
        return { scores_BL: logitsOf(input, found, wanted), weights_BLN: weightsWherePresent(found.weights_BLN!, input.visit.text!.present) };
      },
    }),
  });
}

const meanOf = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0) / shares.length;

/**
 * ICD coding by our own head: each label reads the tokens of text and input codes (LAAT), with the encoder's code reader, which pre-training has trained; to
 * that is added a term from the visit's vectors.
 */
import { readingWeights, readModalities } from '../../src/encoders/code-reader.js';
import type { ModelSpec } from '../../src/encoders/visit.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import { chooseBiases, defineHead, fusedVectors, logOdds, widthOf, type CodeHeadOptions, type Explanation, type Head, type HeadInput } from './head.js';
import { labelSources } from './label-embeddings.js';
import { initTitleMaps, labelQueries, type TitleMaps } from './label-queries.js';

type LabelAttention<Leaf = Tensor> = { visit: Mlp<Leaf>; bias: Leaf; titles?: TitleMaps<Leaf> };

export function labelAttentionHead({ config, inputs, labels: space }: CodeHeadOptions): Head {
  const sources = labelSources(config);
  const { chunks } = config;
  const queriesOf = (input: HeadInput<LabelAttention>, wanted?: Tensor) => labelQueries(input, { config, space, titles: input.p.titles }, wanted);
  const logits = (input: HeadInput<LabelAttention>, spec: ModelSpec, wanted?: Tensor): Tensor => {
    const { p, reader, visit, dropout } = input;
    const queries = queriesOf(input, wanted);
    const scores_BL = readModalities(reader, visit, { modalities: inputs, queries, dropout, site: 'head', chunks }, spec.config.reader);
    const fromVectors = applyMlp(p.visit, dropout(tf.concat(fusedVectors(visit, inputs), 1), 'head.visit'));
    return tf.add(tf.add(scores_BL, linear(fromVectors, queries.weight_LD)), chooseBiases(p.bias, wanted));
  };
  return defineHead<LabelAttention<ParameterInit>, LabelAttention>({
    usesReader: true,
    usesCodes: true,
    usesWords: sources.titles,
    init: (rng, spec) => {
      const { width } = spec.config.text;
      return {
        visit: initMlp(rng.split('visit'), { inputs: widthOf(spec, inputs), hidden: width, outputs: width }),
        bias: logOdds(space.shares),
        ...(sources.titles ? { titles: initTitleMaps(rng.split('titles'), spec) } : {}),
      };
    },
    logits,
    ...(inputs.includes('text') && {
      explain: (input: HeadInput<LabelAttention>, spec: ModelSpec, wanted: Tensor): Explanation => ({
        scores_BL: logits(input, spec, wanted),
        weights_BLN: readingWeights(input.reader, input.visit, { queries: queriesOf(input, wanted), chunks }, spec.config.reader),
      }),
    }),
  });
}

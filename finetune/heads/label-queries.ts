/** Queries and weights of labels for the code reader: what its maps make of their codes, what the head's make of their titles, and their own. */
import type { Rng } from '../../src/core/rng.js';
import { chooseQueries, codeQueries, type CodeQueries } from '../../src/encoders/code-reader.js';
import type { ModelSpec } from '../../src/encoders/visit.js';
import { linear, staticTensor, tf, type Tensor } from '../../src/engine/index.js';
import type { LayerNorm } from '../../src/nn/layer-norm.js';
import { glorotInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';
import type { HeadInput } from './head.js';
import { embedLabels, initTitleNorm, labelSources } from './label-embeddings.js';
import { learntFlags, partsOf, type LabelSpace } from './label-space.js';

export type TitleMaps<Leaf = Tensor> = {
  norm: LayerNorm<Leaf>;
  /** [P, D] */
  query: Leaf;
  /** [D, D] */
  weight: Leaf;
};

export const initTitleMaps = (rng: Rng, spec: ModelSpec): TitleMaps<ParameterInit> => {
  const { text, reader } = spec.config;
  return { norm: initTitleNorm(spec), query: glorotInit(rng.split('query'), [reader.width, text.width]), weight: glorotInit(rng.split('weight'), [text.width, text.width]) };
};

type Encoded = Pick<HeadInput<unknown>, 'reader' | 'visit' | 'words'>;

export interface LabelQueriesOptions {
  config: FinetuneConfig['head'];
  space: LabelSpace;
  /** Where titles are read. */
  titles?: TitleMaps;
}

/** @param wanted int32 [K]; all labels by default */
export function labelQueries(encoded: Encoded, options: LabelQueriesOptions, wanted?: Tensor): CodeQueries {
  const fromCodes = queriesOfCodes(encoded, options);
  const all = options.titles ? withTitles(fromCodes, encoded, { ...options, titles: options.titles }) : fromCodes;
  return wanted ? chooseQueries(all, wanted) : all;
}

/** Of what the code reader holds: with the configured embeddings of the codes, and without what unlearnt labels have of their own. */
function queriesOfCodes({ reader, visit: { tables } }: Encoded, { config, space }: LabelQueriesOptions): CodeQueries {
  const { codes } = labelSources(config);
  const flags = learntFlags(space);
  const isOwn = flags && partsOf(flags, space.groups.map(({ rows }) => rows.length));
  const ofGroups = space.groups.map(({ kind, rows }, i) =>
    codeQueries(reader, { kind, rows, table_VC: codes ? tables[kind] : undefined, isOwn_L1: isOwn && staticTensor(isOwn[i]!, [rows.length, 1]) }));
  return { query_LP: tf.concat(ofGroups.map(({ query_LP }) => query_LP), 0), weight_LD: tf.concat(ofGroups.map(({ weight_LD }) => weight_LD), 0) };
}

function withTitles({ query_LP, weight_LD }: CodeQueries, { words, visit: { tables } }: Encoded, { space, titles }: LabelQueriesOptions & { titles: TitleMaps }): CodeQueries {
  const { titles_LD } = embedLabels(space, { codes: false, titles: true }, { tables, words, norm: titles.norm });
  return { query_LP: tf.add(query_LP, linear(titles_LD!, titles.query)), weight_LD: tf.add(weight_LD, linear(titles_LD!, titles.weight)) };
}

/**
 * Readmission. `mlp`: a perceptron on the visit's vectors (MedM-PLM eq. 14). `label-attention`: the perceptron also sees what learned queries read
 * in the tokens of the note and in those of the codes, so that one remark in a long note is not lost in a mean; and, where modalities meet at all
 * (`model.fusion`), the products of the two, since a remark may mean one thing beside one diagnosis and another without it (low-rank bilinear pooling, Kim
 * et al. 2017).
 */
import { readModalities } from '../../src/encoders/code-reader.js';
import type { ModelSpec } from '../../src/encoders/visit.js';
import { tf, type Tensor } from '../../src/engine/index.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import { normalInit, type ParameterInit } from '../../src/nn/parameters.js';
import type { Rng } from '../../src/core/rng.js';
import type { FinetuneConfig } from '../config.js';
import { defineHead, fusedVectors, logOdds, widthOf, type Head } from './head.js';

/** What K queries look for [K, P] and what each counts a token for [K, D]. */
type Queries<Leaf> = { query: Leaf; weight: Leaf };

type ReadmissionHead<Leaf = Tensor> = {
  visit: Mlp<Leaf>;
  bias: Leaf;
  /** `text` and `codes`, those of them that are inputs. */
  reading?: Record<string, Queries<Leaf>>;
};

export interface ReadmissionHeadOptions {
  config: FinetuneConfig['head'];
  inputs: readonly string[];
  /** Share of the training visits that are followed by a readmission. */
  share: number;
}

export function readmissionHead({ config, inputs, share }: ReadmissionHeadOptions): Head {
  const read = config.kind === 'label-attention' ? sourcesOf(inputs) : [];
  const multiplies = (spec: ModelSpec): boolean => read.length === 2 && spec.config.fusion !== 'concatenation';
  return defineHead<ReadmissionHead<ParameterInit>, ReadmissionHead>({
    usesReader: read.length > 0,
    init(rng, spec) {
      const { queries } = config;
      const width = widthOf(spec, inputs) + queries * (read.length + Number(multiplies(spec)));
      const visit = initMlp(rng.split('visit'), { inputs: width, hidden: spec.config.text.width, outputs: 1 });
      const reading = Object.fromEntries(read.map((source) => [source, initQueries(rng.split(source), queries, spec)]));
      return { visit, bias: logOdds([share]), ...(read.length ? { reading } : {}) };
    },
    logits({ p, reader, visit, dropout }, spec) {
      const scores = read.map((source) => {
        const { query, weight } = p.reading![source]!;
        const modalities = inputs.filter((input) => (input === 'text') === (source === 'text'));
        return readModalities(reader, visit, { modalities, queries: { query_LP: query, weight_LD: weight }, dropout, site: 'head' }, spec.config.reader);
      });
      const seen = [...fusedVectors(visit, inputs), ...scores, ...(multiplies(spec) ? [tf.mul(scores[0]!, scores[1]!)] : [])];
      return tf.add(applyMlp(p.visit, dropout(tf.concat(seen, 1), 'head.visit')), p.bias);
    },
  });
}

const sourcesOf = (inputs: readonly string[]): string[] => [...(inputs.includes('text') ? ['text'] : []), ...(inputs.some((input) => input !== 'text') ? ['codes'] : [])];

/** Small, so that products of what is read say nothing before something is read (from 1/√width up they were noise that training first had to unlearn). */
function initQueries(rng: Rng, K: number, { config: { text, reader } }: ModelSpec): Queries<ParameterInit> {
  const drawn = (name: string, width: number) => normalInit(rng.split(name), [K, width], { std: 0.2 / Math.sqrt(width) });
  return { query: drawn('query', reader.width), weight: drawn('weight', text.width) };
}

/**
 * ICD coding. `label-attention`: over the tokens of text and input codes (LAAT), with the encoder's code reader, which pre-training has
 * trained, plus a term from the visit's vectors. `mlp`: from the visit's vectors alone (MedM-PLM eq. 16).
 */
import { codeQueries, readModalities } from '../../src/encoders/code-reader.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import type { FinetuneConfig } from '../config.js';
import { defineHead, fusedVectors, logOdds, widthOf, type Head } from './head.js';

export interface CodeHeadOptions {
  config: FinetuneConfig['head'];
  inputs: readonly string[];
  /** Kind of the codes that are labels, and their rows in its vocabulary. */
  labelKind: string;
  rows: Int32Array;
  /** Share of the training visits that carry each label. */
  shares: readonly number[];
}

type IcdCodingHead<Leaf = Tensor> = { visit: Mlp<Leaf>; bias: Leaf };

export function icdCodingHead({ config, inputs, labelKind, rows, shares }: CodeHeadOptions): Head {
  const isMlp = config.kind === 'mlp';
  return defineHead<IcdCodingHead<ParameterInit>, IcdCodingHead>({
    usesReader: !isMlp,
    init: (rng, spec) => {
      const { width } = spec.config.text;
      return { visit: initMlp(rng.split('visit'), { inputs: widthOf(spec, inputs), hidden: width, outputs: isMlp ? shares.length : width }), bias: logOdds(shares) };
    },
    logits({ p, reader, visit, dropout }, spec) {
      const fromVectors = applyMlp(p.visit, dropout(tf.concat(fusedVectors(visit, inputs), 1), 'head.visit'));
      if (isMlp) return tf.add(fromVectors, p.bias);
      const queries = codeQueries(reader, { kind: labelKind, rows, table_VC: config.label_embeddings === 'codes' ? visit.tables[labelKind] : undefined });
      const scores_BL = readModalities(reader, visit, { modalities: inputs, queries, dropout, site: 'head', chunks: config.chunks }, spec.config.reader);
      return tf.add(tf.add(scores_BL, linear(fromVectors, queries.weight_LD)), p.bias);
    },
  });
}

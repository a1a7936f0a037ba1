/** ICD coding from the visit's vectors alone, by a perceptron (MedM-PLM eq. 16). */
import { tf, type Tensor } from '../../src/engine/index.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import { chooseColumns, defineHead, fusedVectors, logOdds, widthOf, type CodeHeadOptions, type Head } from './head.js';

type VisitMlp<Leaf = Tensor> = { visit: Mlp<Leaf>; bias: Leaf };

export const visitMlpHead = ({ inputs, labels: { shares } }: CodeHeadOptions): Head =>
  defineHead<VisitMlp<ParameterInit>, VisitMlp>({
    usesReader: false,
    init: (rng, spec) => ({
      visit: initMlp(rng.split('visit'), { inputs: widthOf(spec, inputs), hidden: spec.config.text.width, outputs: shares.length }),
      bias: logOdds(shares),
    }),
    logits: ({ p, visit, dropout }, _, wanted) => {
      const scores_BL = tf.add(applyMlp(p.visit, dropout(tf.concat(fusedVectors(visit, inputs), 1), 'head.visit')), p.bias);
      return wanted ? chooseColumns(scores_BL, wanted) : scores_BL;
    },
  });

/**
 * Medication recommendation. `mlp` (MedM-PLM eq. 11–12): the mean over the past visits of their vectors, beside the vector of what is known of
 * the visit itself, through a perceptron. `label-attention` adds what each medication reads for itself in the tokens of the past visits, averaged, and in
 * the visit's own diagnoses.
 */
import { readModalities } from '../../src/encoders/code-reader.js';
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import { applyMlp, initMlp, type Mlp } from '../../src/nn/mlp.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import { defineHead, fusedVectors, logOdds, widthOf, type CodeHeadOptions, type Head } from './head.js';
import { labelQueries } from './label-queries.js';

type MedicationHead<Leaf = Tensor> = { visit: Mlp<Leaf>; bias: Leaf };

export interface MedicationHeadOptions extends CodeHeadOptions {
  /** Modalities of the visit itself that are known; `inputs` are those of the past visits. */
  current: readonly string[];
}

export function medicationHead({ config, inputs, current, labels: space }: MedicationHeadOptions): Head {
  const isMlp = config.kind === 'mlp';
  const { shares } = space;
  return defineHead<MedicationHead<ParameterInit>, MedicationHead>({
    usesReader: !isMlp,
    usesCodes: !isMlp,
    init: (rng, spec) => {
      const { width } = spec.config.text;
      const inputWidth = widthOf(spec, inputs) + widthOf(spec, current);
      return { visit: initMlp(rng.split('visit'), { inputs: inputWidth, hidden: width, outputs: isMlp ? shares.length : width }), bias: logOdds(shares) };
    },
    logits(input, spec) {
      const { p, reader, visit, inputs: tensors, dropout } = input;
      const past_BB = tensors['past']!;
      const past = fusedVectors(visit, inputs).map((vector_BD, i) => tf.matMul(tensors[`past.${inputs[i]}`] ?? past_BB, vector_BD));
      const vectors_BD = tf.concat([...past, ...current.map((modality) => visit.alone[modality]!)], 1);
      const fromVectors = applyMlp(p.visit, dropout(vectors_BD, 'head.visit'));
      if (isMlp) return tf.add(fromVectors, p.bias);
      const queries = labelQueries(input, { config, space });
      const read = (modalities: readonly string[], site: string): Tensor[] =>
        modalities.length ? [readModalities(reader, visit, { modalities, queries, dropout, site }, spec.config.reader)] : [];
      const scores = [
        linear(fromVectors, queries.weight_LD),
        ...read(inputs, 'head.past').map((scores_BL) => tf.matMul(past_BB, scores_BL)),
        ...read(current, 'head.current'),
      ];
      return tf.add(tf.addN(scores), p.bias);
    },
  });
}

/** The model of ICD coding: encoder and head, its training loss and its predictions. */
import { createRng } from '../src/core/rng.js';
import { encodeVisit, initVisitEncoder, type EncodedVisit, type EncoderDropout, type ModelSpec, type VisitEncoder } from '../src/encoders/visit.js';
import { bceWithLogits, tf, type Noise, type Tensor, type Tensors } from '../src/engine/index.js';
import { noDropout, trainingDropout, type Dropout } from '../src/nn/dropout.js';
import type { ParameterInit } from '../src/nn/parameters.js';
import type { FinetuneConfig } from './config.js';
import { icdCoding, initIcdCodingHead, type IcdCodingHead, type LabelSpace } from './heads/icd-coding.js';

export type CodingParameters<Leaf = Tensor> = VisitEncoder<Leaf> & { head: IcdCodingHead<Leaf> };

export interface CodingModel {
  inits: CodingParameters<ParameterInit>;
  /** @param inputs of `codingBatch` */
  loss: (p: CodingParameters, inputs: Tensors, noise: Noise) => Tensors & { loss: Tensor };
  /** `probabilities` [B, L] */
  predict: (p: CodingParameters, inputs: Tensors) => Tensors;
}

export function codingModel(spec: ModelSpec, config: FinetuneConfig, labels: LabelSpace, seed: number): CodingModel {
  const inputKinds = config.inputs.filter((input) => input in spec.ontologies);
  const { text, codes } = spec.config;
  const run = (p: CodingParameters, inputs: Tensors, dropout: EncoderDropout & { head: Dropout }): Tensor => {
    const visit: EncodedVisit = encodeVisit(p, inputs, spec, { inputKinds, dropout });
    return icdCoding(p.head, { reader: p.reader, config: spec.config, visit, labels, head: config.head, dropout: dropout.head });
  };
  return {
    inits: {
      ...initVisitEncoder(createRng(seed, 'model'), spec),
      head: initIcdCodingHead(createRng(seed, 'head'), spec, { inputKinds, labels }),
    },
    loss: (p, inputs, noise) => {
      const logits_BL = run(p, inputs, {
        text: trainingDropout(noise, text.dropout),
        codes: trainingDropout(noise, codes.dropout),
        head: trainingDropout(noise, config.head.dropout),
      });
      return { loss: weightedBce(logits_BL, inputs['labels']!, inputs['weight']!) };
    },
    predict: (p, inputs) => ({ probabilities: tf.sigmoid(run(p, inputs, { text: noDropout, codes: noDropout, head: noDropout })) }),
  };
}

/** Binary cross-entropy, mean over labels, then over the rows that count. */
function weightedBce(logits_BL: Tensor, labels_BL: Tensor, weight_B: Tensor): Tensor {
  const loss_B = tf.mean(bceWithLogits(logits_BL, labels_BL), 1);
  return tf.div(tf.sum(tf.mul(loss_B, weight_B)), tf.sum(weight_B));
}

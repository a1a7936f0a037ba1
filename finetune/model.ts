/** The model of a task: encoder and head, its training loss and its predictions. */
import { createRng } from '../src/core/rng.js';
import type { Tree } from '../src/core/tree.js';
import { encodeVisit, initVisitEncoder, isUnread, type EncoderDropout, type ModelSpec, type VisitEncoder } from '../src/encoders/visit.js';
import { bceWithLogits, tf, type Noise, type Tensor, type Tensors } from '../src/engine/index.js';
import { noDropout, trainingDropout, type Dropout } from '../src/nn/dropout.js';
import type { ParameterInit } from '../src/nn/parameters.js';
import type { Task } from './tasks/index.js';

export type TaskParameters<Leaf = Tensor> = VisitEncoder<Leaf> & { head: Tree<Leaf> };

export interface TaskModel {
  inits: TaskParameters<ParameterInit>;
  /** Parameters that the loss does not reach. */
  untouched: (path: string) => boolean;
  /** @param inputs of `task.tensors` */
  loss: (p: TaskParameters, inputs: Tensors, noise: Noise) => Tensors & { loss: Tensor };
  /** `probabilities` [B, L] */
  predict: (p: TaskParameters, inputs: Tensors) => Tensors;
}

/** @param headDropout probability */
export function taskModel(spec: ModelSpec, task: Pick<Task, 'inputs' | 'labelKind' | 'head'>, { seed, headDropout }: { seed: number; headDropout: number }): TaskModel {
  const { text, codes } = spec.config;
  const readsFor = task.head.usesReader && task.labelKind !== undefined ? [task.labelKind] : [];
  const read = { inputs: task.inputs, tables: readsFor };
  const run = (p: TaskParameters, inputs: Tensors, { head, ...dropout }: EncoderDropout & { head: Dropout }): Tensor => {
    const visit = encodeVisit(p, inputs, spec, { ...read, dropout });
    return task.head.logits({ p: p.head, reader: p.reader, visit, inputs, dropout: head }, spec);
  };
  return {
    inits: { ...initVisitEncoder(createRng(seed, 'model'), spec), head: task.head.init(createRng(seed, 'head'), spec) },
    untouched: (path) => isUnread(path, read) || (path.startsWith('reader.') && !task.head.usesReader),
    loss: (p, inputs, noise) => {
      const logits_BL = run(p, inputs, {
        text: trainingDropout(noise, text.dropout),
        codes: trainingDropout(noise, codes.dropout),
        head: trainingDropout(noise, headDropout),
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

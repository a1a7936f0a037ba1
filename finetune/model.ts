/** The model of a task: encoder and head, its training loss and its predictions. */
import { createRng } from '../src/core/rng.js';
import type { Tree } from '../src/core/tree.js';
import { encodeVisit, initVisitEncoder, isUnread, type EncoderDropout, type ModelSpec, type VisitEncoder } from '../src/encoders/visit.js';
import { bceWithLogits, staticTensor, tf, type Noise, type Tensor, type Tensors } from '../src/engine/index.js';
import { noDropout, trainingDropout, type Dropout } from '../src/nn/dropout.js';
import type { ParameterInit } from '../src/nn/parameters.js';
import { attentionLoss } from './evidence/attention-loss.js';
import type { HeadInput } from './heads/head.js';
import type { Task } from './tasks/index.js';

export type TaskParameters<Leaf = Tensor> = VisitEncoder<Leaf> & { head: Tree<Leaf> };

export interface TaskModel {
  inits: TaskParameters<ParameterInit>;
  /** Parameters that the loss does not reach. */
  untouched: (path: string) => boolean;
  /** Parameters of the text encoder that are read also where they are frozen. */
  fixed: (path: string) => boolean;
  /** @param inputs of `task.tensors` */
  loss: (p: TaskParameters, inputs: Tensors, noise: Noise) => Tensors & { loss: Tensor };
  /** `probabilities` [B, L] */
  predict: (p: TaskParameters, inputs: Tensors) => Tensors;
  /** Of heads that attend to the text. @param inputs with `explain.labels` int32 [K] @returns `weights` [B, K, N] over the tokens of all chunks */
  explain?: (p: TaskParameters, inputs: Tensors) => Tensors;
}

const WORDS = 'bert.embeddings.word_embeddings.weight';

const still = { text: noDropout, codes: noDropout, head: noDropout };

export interface TaskModelOptions {
  seed: number;
  /** Probability. */
  headDropout: number;
  /** Of span-level training (`finetune/evidence/supervision.ts`), whose tensors the loss then reads. */
  evidenceWeight?: number;
}

export function taskModel(spec: ModelSpec, task: Pick<Task, 'inputs' | 'labelKinds' | 'learnt' | 'head'>, { seed, headDropout, evidenceWeight = 0 }: TaskModelOptions): TaskModel {
  const { text, codes } = spec.config;
  const readsFor = task.head.usesCodes ? task.labelKinds : [];
  const read = { inputs: task.inputs, tables: readsFor };
  const encode = (p: TaskParameters, inputs: Tensors, { head, ...dropout }: EncoderDropout & { head: Dropout }): HeadInput<Tree<Tensor>> => ({
    p: p.head,
    reader: p.reader,
    words: task.head.usesWords ? p.bert.embeddings?.word_embeddings.weight : undefined,
    visit: encodeVisit(p, inputs, spec, { ...read, dropout }),
    inputs,
    dropout: head,
  });
  const { head, learnt } = task;
  return {
    inits: { ...initVisitEncoder(createRng(seed, 'model'), spec), head: task.head.init(createRng(seed, 'head'), spec) },
    untouched: (path) => isUnread(path, read) || (path.startsWith('reader.') && !head.usesReader),
    fixed: (path) => head.usesWords === true && path === WORDS,
    loss: (p, inputs, noise): Tensors & { loss: Tensor } => {
      const encoded = encode(p, inputs, {
        text: trainingDropout(noise, text.dropout),
        codes: trainingDropout(noise, codes.dropout),
        head: trainingDropout(noise, headDropout),
      });
      const logits_BL = head.logits(encoded, spec, learnt && staticTensor(learnt, [learnt.length]));
      const coding = weightedBce(logits_BL, inputs['labels']!, inputs['weight']!);
      if (!evidenceWeight) return { loss: coding };
      const { weights_BLN } = head.explain!({ ...encoded, dropout: noDropout }, spec, inputs['explain.labels']!);
      const evidence = attentionLoss(weights_BLN, inputs['evidence.target']!);
      return { loss: tf.add(coding, tf.mul(evidence, evidenceWeight)), evidence };
    },
    predict: (p, inputs) => ({ probabilities: tf.sigmoid(head.logits(encode(p, inputs, still), spec)) }),
    ...(head.explain && { explain: (p: TaskParameters, inputs: Tensors) => ({ weights: head.explain!(encode(p, inputs, still), spec, inputs['explain.labels']!).weights_BLN }) }),
  };
}

/** Binary cross-entropy, mean over labels, then over the rows that count. */
function weightedBce(logits_BL: Tensor, labels_BL: Tensor, weight_B: Tensor): Tensor {
  const loss_B = tf.mean(bceWithLogits(logits_BL, labels_BL), 1);
  return tf.div(tf.sum(tf.mul(loss_B, weight_B)), tf.sum(weight_B));
}

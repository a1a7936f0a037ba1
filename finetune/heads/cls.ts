/**
 * The plain baseline: a linear layer on the last hidden state of the first [CLS], W h + b. It reads the first chunk only; with `chunks: max`
 * it reads the [CLS] of every chunk, and a label gets its highest score: mimic-icd-coder's classifier.
 */
import { linear, tf, type Tensor } from '../../src/engine/index.js';
import type { LabelVectors } from './label-vectors.js';
import { defineReader } from './reader.js';

type Cls<Leaf = Tensor> = { weight: LabelVectors<Leaf> };

export const cls = defineReader<Cls>({
  attends: false,
  init: ({ spec, vectors }) => ({ weight: vectors('weight', spec.config.text.width) }),
  read(p, labels, { tokens_BND }) {
    const [batch, , width] = tokens_BND.shape as [number, number, number];
    const first_BD = tf.reshape(tf.slice(tokens_BND, [0, 0, 0], [batch, 1, width]), [batch, width]);
    return { scores_BL: linear(first_BD, labels.wanted(p.weight)) };
  },
});

/** A bidirectional LSTM (Hochreiter & Schmidhuber 1997; Graves & Schmidhuber 2005) over words, both directions as one batched product a step. */
import type { Rng } from '../../src/core/rng.js';
import { tf, type Tensor } from '../../src/engine/index.js';
import { normalInit, constantInit, type ParameterInit } from '../../src/nn/parameters.js';

/** Of both directions, forwards first; gates in the order input, forget, cell, output, as in PyTorch. */
export type BiLstm<Leaf = Tensor> = {
  /** [2, D, 4H] */
  input: Leaf;
  /** [2, H, 4H] */
  hidden: Leaf;
  /** [2, 1, 4H] */
  bias: Leaf;
};

export function initBiLstm(rng: Rng, { inputs, width }: { inputs: number; width: number }): BiLstm<ParameterInit> {
  return {
    input: normalInit(rng.split('input'), [2, inputs, 4 * width], { std: Math.sqrt(2 / (inputs + width)) }),
    hidden: normalInit(rng.split('hidden'), [2, width, 4 * width], { std: Math.sqrt(1 / width) }),
    bias: forgetsLittle(width),
  };
}

/** The forget gate's bias is 1, else a memory halves at each word (Jozefowicz et al. 2015). */
const forgetsLittle = (width: number): ParameterInit => ({
  ...constantInit([2, 1, 4 * width], 0),
  fill: (values) => values.forEach((_, at) => (values[at] = Math.floor((at % (4 * width)) / width) === 1 ? 1 : 0)),
});

/**
 * @param x_NSD words before padding @param mask_NS float32, 1 for words
 * @returns [N, S, 2H]: the forward state at each word beside the backward one
 */
export function applyBiLstm(p: BiLstm, x_NSD: Tensor, mask_NS: Tensor): Tensor {
  const [N, S, D] = x_NSD.shape as [number, number, number];
  const width = p.hidden.shape[1]!;
  const flat = tf.reshape(x_NSD, [1, N * S, D]);
  const fromWords = tf.reshape(tf.add(tf.matMul(tf.concat([flat, flat], 0), p.input), p.bias), [2, N, S, 4 * width]);
  const [forwards, backwards] = tf.split(fromWords, 2, 0).map((ofDirection) => words(tf.reshape(ofDirection, [N, S, 4 * width]))) as [Tensor[], Tensor[]];
  const masks = words(tf.reshape(mask_NS, [N, S, 1]));
  const states: [forward: Tensor, backward: Tensor][] = [];
  let [state, cell] = [tf.zeros([2, N, width]), tf.zeros([2, N, width])];
  for (let [next, last] = [0, S - 1]; next < S; next++, last--) {
    const gates = tf.concat([forwards[next]!, backwards[last]!], 0);
    const mask = tf.concat([masks[next]!, masks[last]!], 0);
    [state, cell] = lstmStep(tf.add(gates, tf.matMul(state, p.hidden)), cell, mask);
    states.push(tf.split(state, 2, 0) as [Tensor, Tensor]);
  }
  return tf.transpose(tf.concat(states.map(([forward], word) => tf.concat([forward, states[S - 1 - word]![1]], 2)), 0), [1, 0, 2]);
}

/** [N, S, F] → S times [1, N, F]: cut once, since each slice by itself would have a gradient of the size of the whole. */
const words = (x_NSF: Tensor): Tensor[] => tf.split(tf.transpose(x_NSF, [1, 0, 2]), x_NSF.shape[1]!, 0);

/** On padding both stay 0, so that the backward direction begins at the last word. */
function lstmStep(gates_2NG: Tensor, cell: Tensor, mask_2N1: Tensor): [state: Tensor, cell: Tensor] {
  const [input, forget, candidate, output] = tf.split(gates_2NG, 4, 2) as [Tensor, Tensor, Tensor, Tensor];
  const next = tf.mul(mask_2N1, tf.add(tf.mul(tf.sigmoid(forget), cell), tf.mul(tf.sigmoid(input), tf.tanh(candidate))));
  return [tf.mul(tf.sigmoid(output), tf.tanh(next)), next];
}

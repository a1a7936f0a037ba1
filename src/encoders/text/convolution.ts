/** A convolution over the tokens of a chunk (Kim 2014; CAML, Mullenbach et al. 2018): what a token is, from its neighbours. */
import type { Rng } from '../../core/rng.js';
import { tf, type Tensor } from '../../engine/index.js';
import { applyLinear, initLinear, type Linear } from '../../nn/linear.js';
import type { ParameterInit } from '../../nn/parameters.js';
import type { TextConfig } from '../config.js';

export type ConvolutionLayer<Leaf = Tensor> = {
  /** weight [D, kernel·D]: the taps from left to right, D inputs each. */
  convolution: Linear<Leaf>;
};

export const initConvolutionLayer = (rng: Rng, { width, kernel }: TextConfig): ConvolutionLayer<ParameterInit> => ({
  convolution: initLinear(rng.split('convolution'), { inputs: kernel * width, outputs: width, init: 'glorot' }),
});

/**
 * One product over each token's neighbourhood; beyond the borders of the chunk and on padding there is 0. An even kernel reaches one token farther to the right.
 * @returns [N, W, D], before the activation
 */
export function convolve({ convolution }: ConvolutionLayer, x_NWD: Tensor, mask_NW: Tensor, kernel: number): Tensor {
  const [rows, length, width] = x_NWD.shape as [number, number, number];
  const before = Math.floor((kernel - 1) / 2);
  const present_NWD = tf.mul(x_NWD, tf.expandDims(tf.cast(mask_NW, 'float32'), -1));
  const padded = tf.pad(present_NWD, [[0, 0], [before, kernel - 1 - before], [0, 0]]);
  const taps = Array.from({ length: kernel }, (_, tap) => tf.slice(padded, [0, tap, 0], [rows, length, width]));
  return applyLinear(convolution, tf.concat(taps, 2));
}

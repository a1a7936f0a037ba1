/** A bidirectional recurrent layer that trains in parallel: the minimal GRU of Feng et al. 2024 (docs/decisions/0061). */
import type { Rng } from '../../core/rng.js';
import { linearScan, tf, type Tensor } from '../../engine/index.js';
import { applyLinear, initLinear, type Linear } from '../../nn/linear.js';
import { valuesInit, type ParameterInit } from '../../nn/parameters.js';
import type { TextConfig } from '../config.js';

/** One direction: D inputs, D/2 states. */
type Recurrence<Leaf> = { gate: Linear<Leaf>; candidate: Linear<Leaf> };

export type RecurrentLayer<Leaf = Tensor> = { recurrence: { forward: Recurrence<Leaf>; backward: Recurrence<Leaf> } };

export const initRecurrentLayer = (rng: Rng, config: TextConfig): RecurrentLayer<ParameterInit> => ({
  recurrence: { forward: initRecurrence(rng.split('forward'), config), backward: initRecurrence(rng.split('backward'), config) },
});

function initRecurrence(rng: Rng, { width, window }: TextConfig): Recurrence<ParameterInit> {
  const states = width / 2;
  const dense = (name: string) => initLinear(rng.split(name), { inputs: width, outputs: states, init: 'glorot' });
  return { gate: { ...dense('gate'), bias: valuesInit([states], memoryBiases(states, window)) }, candidate: dense('candidate') };
}

/**
 * Biases with which the states remember from one token to `longest` tokens, in equal ratios (Tallec & Ollivier 2018 draw them): a gate of 1/m
 * remembers m tokens.
 */
function memoryBiases(states: number, longest: number): Float32Array {
  return Float32Array.from({ length: states }, (_, i) => -Math.log(2 * (longest / 2) ** (i / Math.max(1, states - 1)) - 1));
}

/** @returns [N, W, D]: what was read up to each token, and from the end back to it */
export function recur({ recurrence: { forward, backward } }: RecurrentLayer, x_NWD: Tensor, mask_NW: Tensor): Tensor {
  const present_NW1 = tf.expandDims(tf.cast(mask_NW, 'float32'), -1);
  return tf.concat([readTowards(forward, x_NWD, present_NW1, false), readTowards(backward, x_NWD, present_NW1, true)], 2);
}

/** h_t = (1 − z_t)·h_{t−1} + z_t·h̃_t with z_t = σ(W_z x_t), h̃_t = W_h x_t. Padding has z = 0: the state passes it as if it were not there. */
function readTowards({ gate, candidate }: Recurrence<Tensor>, x_NWD: Tensor, present_NW1: Tensor, reverse: boolean): Tensor {
  const z_NWS = tf.mul(tf.sigmoid(applyLinear(gate, x_NWD)), present_NW1);
  return linearScan(tf.sub(1, z_NWS), tf.mul(z_NWS, applyLinear(candidate, x_NWD)), { reverse });
}

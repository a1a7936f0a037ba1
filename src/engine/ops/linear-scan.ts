/** A linear recurrence over time, computed for all times at once: what an unrolled loop needs T steps for takes log₂ T. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { withGradient } from './trace.js';

export interface LinearScanOptions {
  /** From the last time to the first: h_t = a_t·h_{t+1} + b_t. */
  reverse?: boolean;
}

/**
 * h_t = a_t·h_{t−1} + b_t with h_{−1} = 0, element by element, by doubling steps (Hillis & Steele 1986). Nothing is divided and no logarithm taken: for a in [0, 1]
 * products only shrink, and an underflow to 0 is the right answer.
 * @param decay_NTD a @param input_NTD b @returns h [N, T, D]
 */
export function linearScan(decay_NTD: Tensor, input_NTD: Tensor, { reverse = false }: LinearScanOptions = {}): Tensor {
  if (decay_NTD.rank !== 3 || decay_NTD.shape.join() !== input_NTD.shape.join()) throw shapeError(`linearScan: decay [${decay_NTD.shape}] and input [${input_NTD.shape}] must have one shape [N, T, D]`);
  if (decay_NTD.shape[1]! < 2) return input_NTD;
  if (!activeRecorder()) return scan(decay_NTD, input_NTD, reverse);
  return withGradient([decay_NTD, input_NTD], ([decay, input]) => {
    const state = scan(decay!, input!, reverse);
    return { value: state, saved: [decay!, state], gradient: (dy, [decay, state]) => scanGradient(dy, decay!, state!, reverse) };
  });
}

/** Span after span is joined to the one before it: (a, b) after (a′, b′) is (a·a′, a·b′ + b). */
function scan(decay_NTD: Tensor, input_NTD: Tensor, reverse: boolean): Tensor {
  const times = decay_NTD.shape[1]!;
  let [a, b] = [decay_NTD, input_NTD];
  for (let span = 1; span < times; span *= 2) {
    b = tf.add(b, tf.mul(a, delay(b, span, reverse)));
    if (2 * span < times) a = tf.mul(a, delay(a, span, reverse));
  }
  return b;
}

/** The gradient of h runs the other way: g_t = dy_t + a_{t+1}·g_{t+1}; then db = g and da_t = g_t·h_{t−1}. */
function scanGradient(dy: Tensor, decay_NTD: Tensor, state_NTD: Tensor, reverse: boolean): Tensor[] {
  const g = scan(delay(decay_NTD, 1, !reverse), dy, !reverse);
  return [tf.mul(g, delay(state_NTD, 1, reverse)), g];
}

/** x as it was `times` earlier (`reverse`: later), 0 where there is nothing. */
function delay(x_NTD: Tensor, times: number, reverse: boolean): Tensor {
  const [rows, length, width] = x_NTD.shape as [number, number, number];
  const from = reverse ? Math.min(times, length) : 0;
  const kept = tf.slice(x_NTD, [0, from, 0], [rows, Math.max(0, length - times), width]);
  const gap = Math.min(times, length);
  return tf.pad(kept, [[0, 0], reverse ? [0, gap] : [gap, 0], [0, 0]]);
}

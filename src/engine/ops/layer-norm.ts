/** Layer normalisation over the last axis (Ba et al. 2016). */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder, type Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

/** @param x [..., D] @param gamma [D] @param beta [D] @param epsilon added to the variance */
export function layerNorm(x: Tensor, gamma_D: Tensor, beta_D: Tensor, epsilon = 1e-12): Tensor {
  const width = x.shape.at(-1);
  for (const [name, p] of [['gamma', gamma_D], ['beta', beta_D]] as const) {
    if (p.rank !== 1 || p.shape[0] !== width) throw shapeError(`layerNorm: ${name} has shape [${p.shape}], expected [${width}] (the last axis of [${x.shape}])`);
  }
  const recorder = activeRecorder();
  return recorder ? recordLayerNorm(recorder, [x, gamma_D, beta_D], epsilon) : composeLayerNorm(x, gamma_D, beta_D, epsilon);
}

function composeLayerNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), gamma), beta);
}

function recordLayerNorm(recorder: Recorder, inputs: Tensor[], epsilon: number): Tensor {
  return withGradient(inputs, ([x, gamma, beta]) => {
    const perRow = { shape: x!.shape.with(-1, 1), dtype: 'float32' as const };
    const results = [{ shape: x!.shape, dtype: 'float32' as const }, perRow, perRow];
    const outputs = recorder.emitAll('LayerNormalization', [x!, gamma!, beta!], results, { axis: -1, epsilon: { float: epsilon } });
    const [y, mean, inverseDeviation] = outputs.map(asTensor);
    return { value: y!, saved: [x!, gamma!, mean!, inverseDeviation!], gradient: layerNormGradient };
  });
}

/**
 * With x̂ the normalised input, g = dy·γ and D the width: dx = (g − Σg/D − x̂·Σ(g·x̂)/D) / σ. Both sums are products with γ: Σg = dy·γ and
 * Σ(g·x̂) = (dy·x̂)·γ, where dy·x̂ is needed for γ's own gradient anyway.
 */
function layerNormGradient(dy: Tensor, [x, gamma, mean, inverseDeviation]: Tensor[]): Tensor[] {
  const width = gamma!.size;
  const leading = [...dy.shape.keys()].slice(0, -1);
  const meanOverGamma = (t: Tensor): Tensor => tf.reshape(tf.matMul(tf.reshape(t, [-1, width]), tf.reshape(tf.div(gamma!, width), [width, 1])), mean!.shape);
  const normalised = tf.mul(tf.sub(x!, mean!), inverseDeviation!);
  const projected = tf.mul(dy, normalised);
  const centred = tf.sub(tf.mul(dy, gamma!), meanOverGamma(dy));
  const dx = tf.mul(tf.sub(centred, tf.mul(normalised, meanOverGamma(projected))), inverseDeviation!);
  return [dx, tf.sum(projected, leading), tf.sum(dy, leading)];
}

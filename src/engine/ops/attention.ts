/** The products and the softmax of scaled dot-product attention (Vaswani et al. 2017). */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { matMul } from '../kernels/matmul.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { asTensor, withGradient } from './trace.js';

/** scale · q kᵀ. @param q [B, H, T, K] @param k [B, H, S, K] @returns [B, H, T, S] */
export function attentionScores(q_BHTK: Tensor, k_BHSK: Tensor, scale: number): Tensor {
  const equalBatch = q_BHTK.shape.slice(0, -2).join() === k_BHSK.shape.slice(0, -2).join();
  if (!equalBatch || q_BHTK.shape.at(-1) !== k_BHSK.shape.at(-1)) {
    throw shapeError(`attentionScores: queries [${q_BHTK.shape}] and keys [${k_BHSK.shape}] must agree in all axes but the last but one`);
  }
  const recorder = activeRecorder();
  if (!recorder) return tf.mul(tf.matMul(q_BHTK, k_BHSK, false, true), scale);
  return withGradient([q_BHTK, k_BHSK], ([q, k]) => ({
    value: asTensor(matMul(recorder, { a: q!, b: k! }, { transposeB: true, scale })),
    saved: [q!, k!],
    gradient: (dy, [q, k]) => [
      asTensor(matMul(recorder, { a: dy, b: k! }, { scale })),
      asTensor(matMul(recorder, { a: dy, b: q! }, { transposeA: true, scale })),
    ],
  }));
}

/** Softmax over the last axis; its gradient y·(dy − Σ dy·y) needs the result only. */
export function softmax(x: Tensor): Tensor {
  if (!activeRecorder()) return tf.softmax(x);
  return withGradient([x], ([logits]) => {
    const y = tf.softmax(logits!);
    return { value: y, saved: [y], gradient: (dy, [y]) => [tf.mul(y!, tf.sub(dy, tf.sum(tf.mul(dy, y!), -1, true)))] };
  });
}

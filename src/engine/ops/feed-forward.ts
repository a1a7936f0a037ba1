/**
 * A Transformer's feed-forward block W₂ gelu(W₁ x + b₁) + b₂ by blocks of its hidden columns: a block stays in the processor's cache from its
 * product through GELU to the next product, forward and backward, and its rows are no power-of-two multiple apart (which costs cache conflicts).
 */
import type { Tensor } from '@tensorflow/tfjs';
import { activeRecorder, type Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { gelu, geluGradient } from './gelu.js';
import { expectLinearShapes, linear } from './linear.js';
import { asTensor, withGradient } from './trace.js';

/** An affine map: weight [out, in], bias [out]. */
export interface Affine {
  weight: Tensor;
  bias: Tensor;
}

/** Hidden columns of a block: 4 MB of float32 at 2,048 rows. */
const BLOCK = 512;

/** @param x [..., D] @param into [F, D] @param out [E, F] @returns [..., E] */
export function feedForward(x: Tensor, into: Affine, out: Affine): Tensor {
  expectLinearShapes(x.shape, into.weight, into.bias);
  expectLinearShapes([...x.shape.slice(0, -1), into.weight.shape[0]!], out.weight, out.bias);
  const recorder = activeRecorder();
  if (!recorder || recorder.quantize) return linear(gelu(linear(x, into.weight, into.bias)), out.weight, out.bias);
  const x_ND = tf.reshape(x, [-1, x.shape.at(-1)!]);
  const y_NE = withGradient([x_ND, into.weight, into.bias, out.weight, out.bias], (inputs) => recordBlocks(recorder, inputs));
  return tf.reshape(y_NE, [...x.shape.slice(0, -1), out.weight.shape[0]!]);
}

/** Kept for the gradient: each block's input and output of GELU. */
function recordBlocks(recorder: Recorder, [x, w1, b1, w2, b2]: Tensor[]) {
  const sizes = blockSizes(w1!.shape[0]!);
  const weights = { w1: split(recorder, w1!, sizes, 0), b1: split(recorder, b1!, sizes, 0), w2: split(recorder, w2!, sizes, 1) };
  const before = weights.w1.map((w, i) => gemm(recorder, [x!, w, weights.b1[i]!], { transB: 1 }));
  const after = before.map((a) => gelu(a));
  const value = after.reduce((sum, a, i) => gemm(recorder, [a, weights.w2[i]!, sum], { transB: 1 }), b2!);
  return {
    value,
    saved: [x!, ...weights.w1, ...weights.w2, ...before, ...after],
    gradient: (dy: Tensor, [x, ...saved]: Tensor[]) => {
      const [w1, w2, before, after] = [0, 1, 2, 3].map((i) => saved.slice(i * sizes.length, (i + 1) * sizes.length)) as [Tensor[], Tensor[], Tensor[], Tensor[]];
      // The product halves what GELU's gradient would have to.
      const dBefore = before.map((a, i) => geluGradient(gemm(recorder, [dy, w2[i]!], { alpha: { float: 0.5 } }), a));
      return [
        dBefore.reduce<Tensor | undefined>((sum, da, i) => gemm(recorder, sum ? [da, w1[i]!, sum] : [da, w1[i]!]), undefined)!,
        concat(dBefore.map((da) => gemm(recorder, [da, x!], { transA: 1 })), 0),
        concat(dBefore.map((da) => tf.sum(da, 0)), 0),
        concat(after.map((a) => gemm(recorder, [dy, a], { transA: 1 })), 1),
        tf.sum(dy, 0),
      ];
    },
  };
}

/** As equal as can be. */
function blockSizes(columns: number): number[] {
  const count = Math.max(1, Math.round(columns / BLOCK));
  return Array.from({ length: count }, (_, i) => Math.floor((columns * (i + 1)) / count) - Math.floor((columns * i) / count));
}

const split = (recorder: Recorder, x: Tensor, sizes: number[], axis: number): Tensor[] =>
  sizes.length === 1 ? [x] : recorder.emitAll('Split', [x, recorder.integers(sizes)], sizes.map((size) => ({ shape: x.shape.with(axis, size), dtype: x.dtype })), { axis }).map(asTensor);

const concat = (blocks: Tensor[], axis: number): Tensor => (blocks.length === 1 ? blocks[0]! : tf.concat(blocks, axis));

/** a · b (+ c), which ONNX Runtime adds to c as it goes. */
function gemm(recorder: Recorder, [a, b, c]: Tensor[], attributes: { transA?: 1; transB?: 1; alpha?: { float: number } } = {}): Tensor {
  const shape = [a!.shape[attributes.transA ? 1 : 0]!, b!.shape[attributes.transB ? 0 : 1]!];
  return asTensor(recorder.emit('Gemm', c ? [a!, b!, c] : [a!, b!], { shape, dtype: 'float32' }, attributes));
}

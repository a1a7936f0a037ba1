/**
 * Multi-head scaled dot-product attention (Vaswani et al. 2017) as one operation: what it leaves out is passes over the scores, [B, H, T, S],
 * which are the largest tensors of a step.
 */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { matMul } from '../kernels/matmul.js';
import { activeRecorder, type Recorder } from '../recorder.js';
import { tf } from '../tf.js';
import { attentionScores, softmax } from './attention.js';
import { asTensor, isDifferentiating, withGradient } from './trace.js';

/** Which weights dropout keeps. */
export interface DropoutMask {
  keep: Tensor;
  /** Of dropping one; the rest are scaled by 1/(1 − probability). */
  probability: number;
}

export interface AttentionOptions {
  heads: number;
  /** Added to the scores, broadcast to [B, H, T, S]: 0 where a key may be read, −10⁹ where not. No gradient flows into it. */
  bias?: Tensor;
  /** Of the attention weights, [B, H, T, S]. */
  dropout?: DropoutMask;
}

/** @param q [B, T, H·K] @param k [B, S, H·K] @param v [B, S, H·V] @returns [B, T, H·V] */
export function attention(q_BTD: Tensor, k_BSD: Tensor, v_BSE: Tensor, options: AttentionOptions): Tensor {
  checkShapes(q_BTD, k_BSD, v_BSE, options);
  const recorder = activeRecorder();
  if (!recorder) return composeAttention(q_BTD, k_BSD, v_BSE, options);
  if (!recorder.standardOnly && !isDifferentiating() && !options.dropout) return recordInference(recorder, [q_BTD, k_BSD, v_BSE], options);
  return withGradient([q_BTD, k_BSD, v_BSE], ([q, k, v]) => recordWithGradient(recorder, [q!, k!, v!], options));
}

function checkShapes(q: Tensor, k: Tensor, v: Tensor, { heads, dropout }: AttentionOptions): void {
  const given = `queries [${q.shape}], keys [${k.shape}], values [${v.shape}]`;
  const agree = q.rank === 3 && k.rank === 3 && v.rank === 3 && q.shape[0] === k.shape[0] && q.shape[2] === k.shape[2] && k.shape[0] === v.shape[0] && k.shape[1] === v.shape[1];
  if (!agree) throw shapeError(`attention: ${given}; expected [B, T, D], [B, S, D] and [B, S, E]`);
  if (q.shape[2]! % heads || v.shape[2]! % heads) throw shapeError(`attention: ${given}; their widths must be multiples of the ${heads} heads`);
  const weights = [q.shape[0], heads, q.shape[1], k.shape[1]];
  if (dropout && dropout.keep.shape.join() !== weights.join()) throw shapeError(`attention: the dropout mask has shape [${dropout.keep.shape}], expected [${weights}]`);
}

/** 1/√K: keeps the scores' variance at that of the queries and keys. */
const scaleOf = (q_BTD: Tensor, heads: number): number => 1 / Math.sqrt(q_BTD.shape[2]! / heads);

const gainOf = (dropout?: DropoutMask): number => (dropout ? 1 / (1 - dropout.probability) : 1);

function composeAttention(q: Tensor, k: Tensor, v: Tensor, { heads, bias, dropout }: AttentionOptions): Tensor {
  const scores = attentionScores(splitHeads(q, heads), splitHeads(k, heads), scaleOf(q, heads));
  const weights = softmax(bias ? tf.add(scores, bias) : scores);
  const kept = dropout ? tf.mul(weights, tf.mul(tf.cast(dropout.keep, 'float32'), gainOf(dropout))) : weights;
  return mergeHeads(tf.matMul(kept, splitHeads(v, heads)));
}

/** Keys from which the scores are worth avoiding: below, they stay in the processor's cache. */
const MANY_KEYS = 256;
/** Rows beyond which one choice for each would make graphs too large. */
const MAX_ROWS = 16;

/**
 * Where all keys may be read the scores never exist as a whole: ONNX Runtime computes attention by blocks, but takes no mask then (on the CPU).
 * Each row of a batch chooses as the program runs (most chunks of long notes are full) and by itself: its result does not depend on its neighbours.
 */
function recordInference(recorder: Recorder, inputs: [Tensor, Tensor, Tensor], options: AttentionOptions): Tensor {
  const { bias, heads } = options;
  if (!bias) return attendByBlocks(recorder, inputs, heads);
  const [rows, , , keys] = bias.shape as [number, number, number, number];
  const isMask = bias.rank === 4 && bias.size === rows * keys && rows === inputs[0].shape[0] && keys === inputs[1].shape[1];
  if (!isMask || keys < MANY_KEYS || rows > MAX_ROWS) return recordWithGradient(recorder, inputs, options).value;
  const [q, k, v, biases] = [...inputs, bias].map((x) => splitRows(recorder, x)) as [Tensor[], Tensor[], Tensor[], Tensor[]];
  return tf.concat(q.map((row, i) => chooseForRow(recorder, [row, k[i]!, v[i]!], { heads, bias: biases[i]! })), 0);
}

function chooseForRow(recorder: Recorder, row: [Tensor, Tensor, Tensor], options: Required<Pick<AttentionOptions, 'heads' | 'bias'>>): Tensor {
  // Named here, because names given within a branch are not known outside.
  for (const x of [...row, options.bias]) recorder.name(x);
  const isZero = recorder.node('Equal', [recorder.node('ReduceMax', [recorder.node('Abs', [options.bias])], { keepdims: 0 }), recorder.scalar(0)]);
  const result = { shape: row[0].shape.with(-1, row[2].shape[2]!), dtype: 'float32' as const };
  const chosen = recorder.graph.choose(isZero, result, {
    then: () => recorder.name(attendByBlocks(recorder, row, options.heads)),
    else: () => recorder.name(recordWithGradient(recorder, row, options).value),
  });
  return asTensor(recorder.named(chosen, result));
}

function attendByBlocks(recorder: Recorder, [q, k, v]: [Tensor, Tensor, Tensor], heads: number): Tensor {
  const attributes = { num_heads: heads, scale: { float: scaleOf(q, heads) } };
  return asTensor(recorder.emit('com.microsoft.MultiHeadAttention', [q, k, v], { shape: q.shape.with(-1, v.shape[2]!), dtype: 'float32' }, attributes));
}

/** [B, ...] → B × [1, ...] */
function splitRows(recorder: Recorder, x: Tensor): Tensor[] {
  const rows = x.shape[0]!;
  if (rows === 1) return [x];
  const row = { shape: x.shape.with(0, 1), dtype: x.dtype };
  return recorder.emitAll('Split', [x], Array.from({ length: rows }, () => row), { axis: 0, num_outputs: rows }).map(asTensor);
}

/**
 * With W the weights after dropout, C = W V and dP the gradient of the weights before dropout: the softmax's gradient is dS = P·(dP − Σ dP·P), and
 * Σ dP·P over the keys is Σ dC·C over a head's width (Dao et al. 2022), a far smaller sum. Scales of scores and dropout are the products' own.
 */
function recordWithGradient(recorder: Recorder, [q, k, v]: [Tensor, Tensor, Tensor], { heads, bias, dropout }: AttentionOptions) {
  const [scale, gain] = [scaleOf(q, heads), gainOf(dropout)];
  const product = (a: Tensor, b: Tensor, attributes: Parameters<typeof matMul>[2]): Tensor => asTensor(matMul(recorder, { a, b }, attributes));
  const [q_BHTK, k_BHSK, v_BHSK] = [splitHeads(q, heads), splitHeads(k, heads), splitHeads(v, heads)];
  const scores = product(q_BHTK, k_BHSK, { transposeB: true, scale });
  const weights = tf.softmax(bias ? tf.add(scores, bias) : scores);
  const keep = dropout && tf.cast(dropout.keep, 'float32');
  const kept = keep ? tf.mul(weights, keep) : weights;
  const context_BHTK = product(kept, v_BHSK, { scale: gain });
  return {
    value: mergeHeads(context_BHTK),
    saved: [q_BHTK, k_BHSK, v_BHSK, context_BHTK, weights, kept, ...(keep ? [keep] : [])],
    gradient: (dy: Tensor, [q, k, v, context, weights, kept, keep]: Tensor[]) => {
      const dc = splitHeads(dy, heads);
      const dKept = product(dc, v!, { transposeB: true, scale: gain });
      const dWeights = keep ? tf.mul(dKept, keep) : dKept;
      const dScores = tf.mul(weights!, tf.sub(dWeights, tf.sum(tf.mul(dc, context!), -1, true)));
      return [
        product(dScores, k!, { scale }),
        product(dScores, q!, { transposeA: true, scale }),
        product(kept!, dc, { transposeA: true, scale: gain }),
      ].map(mergeHeads);
    },
  };
}

/** [B, T, H·K] → [B, H, T, K] */
function splitHeads(x_BTD: Tensor, heads: number): Tensor {
  const [batch, length, width] = x_BTD.shape as [number, number, number];
  return tf.transpose(tf.reshape(x_BTD, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** [B, H, T, K] → [B, T, H·K] */
function mergeHeads(x_BHTK: Tensor): Tensor {
  const [batch, heads, length, width] = x_BHTK.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x_BHTK, [0, 2, 1, 3]), [batch, length, heads * width]);
}

/**
 * A linear-chain conditional random field over tags (Lafferty et al. 2001). Its partition function is a product of one matrix a word in the
 * semiring (log-sum-exp, +); the product is taken in pairs, so that a program holds log₂ S compositions instead of S steps (decision 0067).
 */
import { staticTensor, stopGradient, tf, type Tensor } from '../../src/engine/index.js';
import { mayFollow } from './tags.js';

/** What a tag that may not follow another costs; exp of it is 0 in float32, sums of it stay finite. */
const FORBIDDEN = -1e4;
/** log 0, finite so that no gradient is NaN. */
const LOG_ZERO = -1e9;

export interface CrfInput {
  /** Scores of the tags of each word [N, S, K]. */
  emissions_NSK: Tensor;
  /** Scores of a tag (column) after another (row) [K, K]. */
  transitions_KK: Tensor;
  /** int32 [N, S]. */
  tags_NS: Tensor;
  /** float32 [N, S]: 1 for words, which come before 0 for padding. */
  mask_NS: Tensor;
}

/** −log p(tags) of each sequence [N]; 0 for a sequence without words. */
export function crfLoss(input: CrfInput): Tensor {
  const { emissions_NSK, mask_NS } = input;
  const [N, , K] = emissions_NSK.shape as [number, number, number];
  const allowed = { ...input, transitions_KK: tf.add(input.transitions_KK, forbidden(K)) };
  const first_N = tf.reshape(tf.slice(mask_NS, [0, 0], [N, 1]), [N]);
  return tf.mul(tf.sub(logPartition(allowed), pathScore(allowed)), first_N);
}

function forbidden(K: number): Tensor {
  const costs = Float32Array.from({ length: K * K }, (_, at) => (mayFollow(Math.floor(at / K), at % K) ? 0 : FORBIDDEN));
  return staticTensor(costs, [K, K]);
}

/** log Σ over all sequences of tags of exp(score) [N]; the first word may have any tag, since a chunk may begin inside a mention. */
function logPartition(input: CrfInput): Tensor {
  const [N, S, K] = input.emissions_NSK.shape as [number, number, number];
  const first_NK1 = tf.reshape(tf.slice(input.emissions_NSK, [0, 0, 0], [N, 1, K]), [N, K, 1]);
  if (S === 1) return logSumExp(tf.reshape(first_NK1, [N, K]), 1);
  return logSumExp(tf.reshape(tf.add(first_NK1, composeAll(stepMatrices(input))), [N, K * K]), 1);
}

/** Of each word after the first, the score of reaching tag j from tag i; for padding the identity [N, S − 1, K, K]. */
function stepMatrices({ emissions_NSK, transitions_KK, mask_NS }: CrfInput): Tensor {
  const [N, S, K] = emissions_NSK.shape as [number, number, number];
  const emissions = tf.reshape(tf.slice(emissions_NSK, [0, 1, 0], [N, S - 1, K]), [N, S - 1, 1, K]);
  const mask = tf.reshape(tf.slice(mask_NS, [0, 1], [N, S - 1]), [N, S - 1, 1, 1]);
  const steps = tf.add(emissions, tf.reshape(transitions_KK, [1, 1, K, K]));
  return tf.add(tf.mul(steps, mask), tf.mul(identity(K), tf.sub(1, mask)));
}

const identity = (K: number): Tensor =>
  staticTensor(Float32Array.from({ length: K * K }, (_, at) => (at % (K + 1) === 0 ? 0 : LOG_ZERO)), [1, 1, K, K]);

/** The product of the matrices [N, L, K, K] along L, in order: [N, K, K]. */
function composeAll(matrices: Tensor): Tensor {
  const [N, L, K] = matrices.shape as [number, number, number];
  if (L === 1) return tf.reshape(matrices, [N, K, K]);
  const even = L % 2 ? tf.concat([matrices, tf.mul(identity(K), tf.ones([N, 1, 1, 1]))], 1) : matrices;
  const pairs = even.shape[1]! / 2;
  const paired = tf.reshape(even, [N * pairs, 2, K, K]);
  const [left, right] = [0, 1].map((side) => tf.slice(paired, [0, side, 0, 0], [N * pairs, 1, K, K])) as [Tensor, Tensor];
  // [·, i, j, m]: from i by j to m.
  const paths = tf.add(tf.reshape(left, [N * pairs, K, K, 1]), right);
  return composeAll(tf.reshape(logSumExp(paths, 2), [N, pairs, K, K]));
}

/** Score of the given tags [N]. */
function pathScore({ emissions_NSK, transitions_KK, tags_NS, mask_NS }: CrfInput): Tensor {
  const [N, S, K] = emissions_NSK.shape as [number, number, number];
  const chosen_NS = tf.sum(tf.mul(emissions_NSK, tf.oneHot(tags_NS, K)), 2);
  const emitted_N = tf.sum(tf.mul(chosen_NS, mask_NS), 1);
  if (S === 1) return emitted_N;
  const [previous, next] = [0, 1].map((from) => tf.slice(tags_NS, [0, from], [N, S - 1])) as [Tensor, Tensor];
  const pairs_NTP = tf.oneHot(tf.add(tf.mul(previous, tf.scalar(K, 'int32')), next), K * K);
  const passed_NT = tf.sum(tf.mul(pairs_NTP, tf.reshape(transitions_KK, [1, 1, K * K])), 2);
  return tf.add(emitted_N, tf.sum(tf.mul(passed_NT, tf.slice(mask_NS, [0, 1], [N, S - 1])), 1));
}

/** Along one axis, without overflow. The maximum's own gradient cancels. */
function logSumExp(x: Tensor, axis: number): Tensor {
  const top = stopGradient(tf.max(x, axis, true));
  const sums = tf.sum(tf.exp(tf.sub(x, top)), axis);
  return tf.add(tf.log(sums), tf.reshape(top, sums.shape));
}

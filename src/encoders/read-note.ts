/** Reading a note of several chunks for labels: all tokens together, or each chunk by itself. */
import { tf, type Tensor } from '../engine/index.js';
import { maskedScores } from '../nn/mask.js';

/**
 * `attend`: the tokens of all chunks are read together (PLM-ICD); `max`: each chunk is read by itself, and a label's score is its highest
 * (mimic-icd-coder).
 */
export type ChunkPooling = 'attend' | 'max';

export interface TokensToRead {
  tokens_BND: Tensor;
  mask_BN: Tensor;
}

export interface ReadTokens {
  /** [B, L] */
  scores_BL: Tensor;
  /** Each label's attention over the tokens [B, L, N], where there is one; sums to 1. */
  weights_BLN?: Tensor;
}

export interface NoteToRead extends TokensToRead {
  /** Chunks, end to end in the tokens. */
  chunks: number;
  pooling: ChunkPooling;
}

/** With `max`, the weights are 0 outside the chunk that gave the score. */
export function readNote(read: (tokens: TokensToRead) => ReadTokens, { tokens_BND, mask_BN, chunks, pooling }: NoteToRead): ReadTokens {
  if (pooling === 'attend') return read({ tokens_BND, mask_BN });
  const [batch, length, depth] = tokens_BND.shape as [number, number, number];
  const [rows, width] = [batch * chunks, length / chunks];
  const mask_RW = tf.reshape(mask_BN, [rows, width]);
  const ofChunks = read({ tokens_BND: tf.reshape(tokens_BND, [rows, width, depth]), mask_BN: mask_RW });
  const scores_BCL = tf.add(tf.reshape(ofChunks.scores_BL, [batch, chunks, -1]), emptyChunks(mask_RW, batch, chunks));
  return { scores_BL: tf.max(scores_BCL, 1), weights_BLN: ofChunks.weights_BLN && chosenChunk(scores_BCL, ofChunks.weights_BLN) };
}

/** Weights are 0 for visits without text. */
export const weightsWherePresent = (weights_BLN: Tensor, present_B: Tensor): Tensor => tf.mul(weights_BLN, tf.reshape(tf.cast(present_B, 'float32'), [-1, 1, 1]));

/** 0 for chunks that count, a very low score for those that hold nothing: [B, C, 1]. The first always counts. */
function emptyChunks(mask_RW: Tensor, batch: number, chunks: number): Tensor {
  const holds_BC = tf.reshape(tf.max(tf.cast(mask_RW, 'float32'), 1), [batch, chunks]);
  // Spelt without a host array: an exported model has any number of chunks.
  const counts_BC = chunks === 1 ? tf.ones([batch, 1]) : tf.concat([tf.ones([batch, 1]), tf.slice(holds_BC, [0, 1], [batch, chunks - 1])], 1);
  return tf.reshape(maskedScores(tf.greater(counts_BC, 0)), [batch, chunks, 1]);
}

/** Attention over all tokens that is 0 outside the chunk of the highest score. @param weights_RLW over each chunk's own tokens [B·C, L, W] */
function chosenChunk(scores_BCL: Tensor, weights_RLW: Tensor): Tensor {
  const [batch, chunks, labels] = scores_BCL.shape as [number, number, number];
  const isHighest_BCL = tf.cast(tf.equal(scores_BCL, tf.max(scores_BCL, 1, true)), 'float32');
  const weights_BCLW = tf.mul(tf.reshape(weights_RLW, [batch, chunks, labels, -1]), tf.expandDims(isHighest_BCL, -1));
  return tf.reshape(tf.transpose(weights_BCLW, [0, 2, 1, 3]), [batch, labels, -1]);
}

/**
 * Reading a visit for codes: every code attends to the tokens of the note and of other kinds of codes with a query of its own (LAAT, Vu et al. 2020) and scores what it read with
 * weights of its own. Both are the sum of a map of the code's embedding, by which a rare code is read for by its place in the hierarchy,
 * and of free parameters, by which similar codes are told apart. Pre-training and fine-tuning share them: what pre-training learnt about
 * finding a code is where ICD coding looks for it.
 */
import type { Rng } from '../core/rng.js';
import { gatherRows, staticTensor, tf, type Tensor } from '../engine/index.js';
import { labelAttention } from '../nn/label-attention.js';
import type { Dropout } from '../nn/dropout.js';
import { applyLinear, initLinear, type Linear } from '../nn/linear.js';
import { maskedScores, zeroAbsent } from '../nn/mask.js';
import { normalInit, type ParameterInit } from '../nn/parameters.js';
import type { ModelConfig } from './config.js';
import type { Modality } from './fusion.js';
import { readNote, weightsWherePresent, type ChunkPooling, type ReadTokens, type TokensToRead } from './read-note.js';

export type CodeReader<Leaf = Tensor> = {
  /** Tokens → keys: tanh(W h). */
  key: Linear<Leaf>;
  /** Code embedding → query. */
  query: Linear<Leaf>;
  /** Code embedding → weights of the score. */
  weight: Linear<Leaf>;
  /** Kind → projection of its tokens to the text's width. */
  from_codes: Record<string, Linear<Leaf>>;
  /** Kind → what each code of its vocabulary adds [V, P] and [V, D]. */
  own: Record<string, { query: Leaf; weight: Leaf }>;
};

/** @param sizes kind → codes in its vocabulary */
export function initCodeReader(rng: Rng, { text, codes, reader }: ModelConfig, sizes: Record<string, number>): CodeReader<ParameterInit> {
  const map = (name: string, inputs: number, outputs: number) => initLinear(rng.split(name), { inputs, outputs, init: 'glorot' });
  return {
    key: map('key', text.width, reader.width),
    query: map('query', codes.width, reader.width),
    weight: map('weight', codes.width, text.width),
    from_codes: Object.fromEntries(Object.keys(sizes).map((kind) => [kind, map(`from ${kind}`, codes.width, text.width)])),
    own: Object.fromEntries(
      Object.entries(sizes).map(([kind, size]) => [
        kind,
        { query: normalInit(rng.split('own query', kind), [size, reader.width]), weight: normalInit(rng.split('own weight', kind), [size, text.width]) },
      ]),
    ),
  };
}

/** Queries [L, P] and weights [L, D] of codes. */
export interface CodeQueries {
  query_LP: Tensor;
  weight_LD: Tensor;
}

/** Some of the codes. @param labels int32 [K] */
export const chooseQueries = ({ query_LP, weight_LD }: CodeQueries, labels: Tensor): CodeQueries => ({ query_LP: gatherRows(query_LP, labels), weight_LD: gatherRows(weight_LD, labels) });

export interface CodesToReadFor {
  kind: string;
  /** Embeddings of the kind's vocabulary [V, C]; without them only the codes' own parameters count. */
  table_VC?: Tensor;
  /** Rows of the vocabulary [L]; all of them by default. */
  rows?: Int32Array;
  /** 0 for codes whose own parameters do not count [L, 1]. */
  isOwn_L1?: Tensor;
}

export function codeQueries(p: CodeReader, { kind, table_VC, rows, isOwn_L1 }: CodesToReadFor): CodeQueries {
  const chosen = (table: Tensor): Tensor => (rows ? gatherRows(table, staticTensor(rows, [rows.length])) : table);
  const own = (table: Tensor): Tensor => (isOwn_L1 ? tf.mul(chosen(table), isOwn_L1) : chosen(table));
  const { query, weight } = p.own[kind]!;
  if (!table_VC) return { query_LP: own(query), weight_LD: own(weight) };
  const codes_LC = chosen(table_VC);
  return { query_LP: tf.add(applyLinear(p.query, codes_LC), own(query)), weight_LD: tf.add(applyLinear(p.weight, codes_LC), own(weight)) };
}

/**
 * A mean over many tokens is small, and one mention moves it little: at the start, when attention is even, hardly anything is
 * learnt. Dividing by the 2-norm of the attention weights keeps the variance of what is read the same whether attention is even
 * or sharp (docs/decisions/0050). `scaling: mean` is LAAT to the letter.
 * @returns each code's score [B, L] and its attention over the tokens [B, L, N]
 */
export function readForCodes(p: CodeReader, { tokens_BND, mask_BN }: TokensToRead, { query_LP, weight_LD }: CodeQueries, { scaling }: ModelConfig['reader']): ReadTokens {
  const [batch, tokens] = mask_BN.shape as [number, number];
  const { weights_BLN, context_BLD } = labelAttention({
    keys_BNP: tf.tanh(applyLinear(p.key, tokens_BND)),
    values_BND: tokens_BND,
    queries_LP: query_LP,
    bias_B1N: tf.reshape(maskedScores(mask_BN), [batch, 1, tokens]),
  });
  const mean_BL = tf.sum(tf.mul(context_BLD, weight_LD), -1);
  return { scores_BL: scaling === 'mean' ? mean_BL : tf.div(mean_BL, tf.sqrt(tf.sum(tf.square(weights_BLN), -1))), weights_BLN };
}

/** What there is to read of a visit. */
export interface Readable {
  text?: Modality;
  /** Chunks of the text, end to end in its tokens. */
  chunks: number;
  codes: Record<string, Modality>;
}

export interface ReadingOptions {
  /** Which modalities are read: `text` and kinds of codes. */
  modalities: readonly string[];
  queries: CodeQueries;
  /** Applied to the tokens that are read, at the site. */
  dropout: Dropout;
  site: string;
  /** Of the text's chunks; by default all are read together. */
  chunks?: ChunkPooling;
}

/**
 * Each modality is read by itself and the scores add up: with one attention over all tokens a dozen codes are lost among hundreds of words
 * (docs/decisions/0055). A modality that a visit lacks adds nothing.
 * @returns scores [B, L]
 */
export function readModalities(p: CodeReader, { text, chunks, codes }: Readable, { modalities, queries, dropout, site, chunks: pooling = 'attend' }: ReadingOptions, config: ModelConfig['reader']): Tensor {
  const read = (tokens: TokensToRead): ReadTokens => readForCodes(p, tokens, queries, config);
  const scores = modalities.map((name) => {
    const modality = name === 'text' ? text! : codes[name]!;
    const tokens_BND = dropout(name === 'text' ? modality.tokens : applyLinear(p.from_codes[name]!, modality.tokens), `${site}.${name}`);
    const tokens = { tokens_BND, mask_BN: modality.mask };
    const { scores_BL } = name === 'text' ? readNote(read, { ...tokens, chunks, pooling }) : read(tokens);
    return zeroAbsent(scores_BL, modality.present);
  });
  return tf.addN(scores);
}

/** Where in the text each code is read: attention over the tokens of all chunks [B, L, N]; 0 where a visit has no text. */
export function readingWeights(p: CodeReader, { text, chunks }: Readable, { queries, chunks: pooling = 'attend' }: Pick<ReadingOptions, 'queries' | 'chunks'>, config: ModelConfig['reader']): Tensor {
  const { weights_BLN } = readNote((tokens) => readForCodes(p, tokens, queries, config), { tokens_BND: text!.tokens, mask_BN: text!.mask, chunks, pooling });
  return weightsWherePresent(weights_BLN!, text!.present);
}

/** Masking of tokens as in BERT (Devlin et al. 2019, §3.1): 15 % are predicted, 80/10/10. A pure function of a generator a chunk. */
import type { Rng } from '../../src/core/rng.js';
import { CHUNK_SPECIALS, type TextTokenizer } from '../../src/dataset/index.js';
import type { ChunkedRows } from '../../src/encoders/visit-batch.js';
import type { TokenMasking } from './config.js';

/** What masking knows of a tokenizer. */
export interface MaskingTokens {
  /** [MASK]. */
  mask: number;
  /** By id: 1 for tokens that stand for text, which alone are predicted and drawn; 0 for [CLS], [UNK] and the like. */
  isText: Uint8Array;
  /** The ids of those. */
  text: Int32Array;
}

/** The same number of positions for batches of the same shape; those that are left over weigh 0. */
export interface MaskedText {
  /** [batch, chunks, width], with [MASK] and random tokens. */
  ids: Int32Array;
  /** [P]: place of each predicted token in `ids`. */
  positions: Int32Array;
  /** [P]: the token that was there. */
  targets: Int32Array;
  /** [P]: 1, or 0 on padding. */
  weights: Float32Array;
}

export interface MaskingOptions {
  masking: TokenMasking;
  tokens: MaskingTokens;
  /** A generator of its own for each chunk, so that its masks do not depend on its batch. */
  rngOf: (row: number, chunk: number) => Rng;
}

export function maskingTokens({ size, special, vocabulary }: Pick<TextTokenizer, 'size' | 'special' | 'vocabulary'>): MaskingTokens {
  const isText = new Uint8Array(size);
  for (const id of vocabulary.values()) isText[id] = 1;
  for (const id of Object.values(special)) isText[id] = 0;
  return { mask: special.mask, isText, text: Int32Array.from(isText.keys()).filter((id) => isText[id]) };
}

/** How many of a chunk's tokens are predicted. */
export const predictedCount = (tokens: number, { rate }: TokenMasking): number => (tokens === 0 ? 0 : Math.max(1, Math.round(rate * tokens)));

/** P: enough for a batch whose every chunk is full. */
const mostPredicted = ({ mask, width }: ChunkedRows, masking: TokenMasking): number => (mask.length / width) * predictedCount(width - CHUNK_SPECIALS, masking);

export function maskTokens(text: ChunkedRows, { masking, tokens, rngOf }: MaskingOptions): MaskedText {
  const { chunks, width } = text;
  const most = mostPredicted(text, masking);
  const masked: MaskedText = { ids: text.ids.slice(), positions: new Int32Array(most), targets: new Int32Array(most), weights: new Float32Array(most) };
  let predicted = 0;
  for (let chunk = 0; chunk < text.mask.length / width; chunk++) {
    const places = textPlaces(text, chunk * width, tokens);
    const rng = rngOf(Math.floor(chunk / chunks), chunk % chunks);
    for (const at of rng.sample(places, predictedCount(places.length, masking))) {
      masked.positions[predicted] = at;
      masked.targets[predicted] = text.ids[at]!;
      masked.weights[predicted++] = 1;
      masked.ids[at] = replacement(text.ids[at]!, masking, tokens, rng);
    }
  }
  return masked;
}

function textPlaces({ ids, mask, width }: ChunkedRows, start: number, { isText }: MaskingTokens): number[] {
  const places: number[] = [];
  for (let at = start; at < start + width; at++) if (mask[at] && isText[ids[at]!]) places.push(at);
  return places;
}

function replacement(id: number, { keep, random }: TokenMasking, { mask, text }: MaskingTokens, rng: Rng): number {
  const draw = rng.uniform();
  if (draw < keep) return id;
  return draw < keep + random ? text[rng.integer(text.length)]! : mask;
}

/** WordPiece encoding: greedy longest match in each word, with a cache of words; the same ids as the `tokenizers` package, several times faster. */
import type { WordPieceTokenizer } from './tokenizer-file.js';
import { createWordSplitter } from './words.js';

const LONGEST_WORD = 100;
/** Words of a large hospital's notes; past that, rare ones are encoded anew each time. */
const CACHED_WORDS = 500_000;

/** The pieces of one word, or [UNK] when some part of it is in no piece. */
export function encodeWord(word: string, { vocabulary, special }: WordPieceTokenizer): number[] {
  const characters = [...word];
  if (characters.length > LONGEST_WORD) return [special.unk];
  const pieces: number[] = [];
  for (let start = 0; start < characters.length; ) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = characters.slice(start, end).join('');
      id = vocabulary.get(start ? `##${piece}` : piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return [special.unk];
    pieces.push(id);
    start = end;
  }
  return pieces;
}

/**
 * Makes an encoder for one tokenizer.
 * @returns text → word piece ids without [CLS] and [SEP], at most `maxTokens` of them
 */
export function createEncoder(tokenizer: WordPieceTokenizer, maxTokens: number): (text: string) => Int32Array {
  const split = createWordSplitter(tokenizer);
  const cache = new Map<string, number[]>();
  const piecesOf = (word: string): number[] => {
    let pieces = cache.get(word);
    if (!pieces) {
      pieces = encodeWord(word, tokenizer);
      if (cache.size < CACHED_WORDS) cache.set(word, pieces);
    }
    return pieces;
  };
  const ids = new Int32Array(maxTokens);
  return (text) => {
    let count = 0;
    split(text, (word) => {
      for (const piece of piecesOf(word)) if (count < maxTokens) ids[count++] = piece;
    });
    return ids.slice(0, count);
  };
}

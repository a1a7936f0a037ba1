/** The words that tags belong to: of the text alone, so that spans mean the same under every tokenizer. */
import { foldedWords } from '../../src/linking/words.js';
import type { Span } from './corpus.js';

/** Runs of letters and digits; every other visible character is a word of its own. In order, in code points. */
export const wordsOf = (text: string): Span[] => foldedWords(text).map(({ start, end }) => ({ start, end }));

/**
 * The first piece of each word: the one whose vector stands for it.
 * @param pieces in order @returns for each word the index of the first piece that shares a character with it, −1 where there is none
 */
export function firstPieces(words: readonly Span[], { starts, ends }: { starts: Int32Array; ends: Int32Array }): Int32Array {
  let piece = 0;
  return Int32Array.from(words, ({ start, end }) => {
    while (piece < starts.length && ends[piece]! <= start) piece++;
    return piece < starts.length && starts[piece]! < end ? piece : -1;
  });
}

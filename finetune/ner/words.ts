/** The words that tags belong to: of the text alone, so that spans mean the same under every tokenizer. */
import type { Span } from './corpus.js';

const WORD = /[\p{L}\p{M}\p{N}]/u;
const SPACE = /[\s\p{C}]/u;

/** Runs of letters and digits; every other visible character is a word of its own. In order, in code points. */
export function wordsOf(text: string): Span[] {
  const words: Span[] = [];
  let at = 0;
  let inWord = false;
  for (const character of text) {
    const isWord = WORD.test(character);
    if (isWord && inWord) words.at(-1)!.end++;
    else if (isWord || !SPACE.test(character)) words.push({ start: at, end: at + 1 });
    inWord = isWord;
    at++;
  }
  return words;
}

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

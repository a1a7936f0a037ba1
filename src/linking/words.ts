/** Words of a text as dictionaries compare them: lower case, without accents, each with its place in the text. */

export interface Word {
  /** Folded: `Tórax` → `torax`. */
  key: string;
  /** Half-open range of Unicode code points of the text. */
  start: number;
  end: number;
}

const MARKS = /\p{M}+/gu;
const WORD = /[\p{L}\p{M}\p{N}]/u;
const SPACE = /[\s\p{C}]/u;

/** Lower case, without diacritics. */
export const fold = (text: string): string => text.normalize('NFD').replace(MARKS, '').toLowerCase();

/** Runs of letters and of digits; every other visible character is a word of its own. */
export function foldedWords(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  let inWord = false;
  for (const character of text) {
    const isWord = WORD.test(character);
    if (isWord && inWord) extend(words.at(-1)!, character);
    else if (isWord || !SPACE.test(character)) words.push({ key: fold(character), start: at, end: at + 1 });
    inWord = isWord;
    at++;
  }
  return words;
}

function extend(word: Word, character: string): void {
  word.key += fold(character);
  word.end++;
}

/** What the files about to be shared hold that a store could hold too: runs of words, words, and what may be identifiers. */
import type { Piece } from '../finding.js';
import { createRuns, wordsOf } from './words.js';

export interface Place {
  file: string;
  line: number;
}

export interface SharedContent {
  /** Hash of a run of words → where it begins to end. */
  runs: Map<number, Place>;
  /** Lower-case word → where it is first. */
  words: Map<string, Place>;
  identifiers: Map<string, Place>;
  /** Words in a run. */
  length: number;
}

export interface Collector {
  content: SharedContent;
  /** Pieces of one file, in order; a run may go on from one to the next. */
  openFile(file: string): (piece: Piece) => void;
}

const nameLike = /^\p{L}{4,}$/u;
const identifierLike = /[\p{L}\d][\p{L}\d_.:-]{3,63}[\p{L}\d]/gu;

/** What marks a piece of a word in tokenizers' files (`##`, `Ġ`, `▁`); where a word begins, the rest is the word. */
const wordStart = /^[Ġ▁]/u;

export function createCollector(length: number): Collector {
  const content: SharedContent = { runs: new Map(), words: new Map(), identifiers: new Map(), length };
  const keep = <Key>(map: Map<Key, Place>, key: Key, place: Place): void => {
    if (!map.has(key)) map.set(key, place);
  };
  return {
    content,
    openFile(file) {
      const next = createRuns(length);
      return ({ line, text }) => {
        const place = { file, line };
        for (const word of wordsOf(text.replace(wordStart, ''))) {
          const run = next(word.text);
          if (run !== undefined) keep(content.runs, run, place);
          if (nameLike.test(word.text)) keep(content.words, word.text, place);
        }
        for (const [found] of text.matchAll(identifierLike)) if (/\d/.test(found)) keep(content.identifiers, found, place);
      };
    },
  };
}

/** The words of a raw note, as spans are made of them. */
import type { Span } from '../ner/corpus.js';
import { wordsOf } from '../ner/words.js';

export interface NoteWords {
  /** In order. */
  words: readonly Span[];
  /** Whether a span may begin or end with the word: letters or digits, not punctuation. */
  isContent: readonly boolean[];
  /** Whether a span must end before the word: it begins a line or a sentence. */
  isStart: readonly boolean[];
}

const SENTENCE_END = /^[.!?;]$/;

export function noteWords(text: string): NoteWords {
  const characters = Array.from(text);
  const slice = (start: number, end: number): string => characters.slice(start, end).join('');
  const words = wordsOf(text);
  return {
    words,
    isContent: words.map(({ start, end }) => /[\p{L}\p{N}]/u.test(slice(start, end))),
    isStart: words.map(({ start }, w) => {
      const previous = words[w - 1];
      if (!previous) return true;
      const between = slice(previous.end, start);
      return /[\n\r]/.test(between) || (between !== '' && SENTENCE_END.test(slice(previous.start, previous.end)));
    }),
  };
}

/** @returns the words that share a character with one of the spans, by their place */
export const wordsWithin = (words: readonly Span[], spans: readonly Span[]): Set<number> =>
  new Set(spans.flatMap(({ start, end }) => words.flatMap((word, w) => (word.start < end && start < word.end ? [w] : []))));

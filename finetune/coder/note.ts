/** Notes as the combined coder sees them: words, and, where annotators were, codes and the mentions that speak for them. */
import { foldedWords, type Word } from '../../src/linking/words.js';
import { isStopWord } from './cues.js';
import { stemOf } from './stem.js';

/** What an annotator marked as evidence of a code. */
export interface CodedMention {
  code: string;
  /** Half-open ranges of Unicode code points of the text; several where the mention is discontinuous. */
  fragments: readonly (readonly [start: number, end: number])[];
}

/** The codes of one kind. */
export interface Annotation {
  /** Canonical, each once. */
  codes: readonly string[];
  mentions: readonly CodedMention[];
}

export interface Note {
  id: string;
  /** Notes of one group (patient, article) never tell of each other's codes while the coder learns. */
  group: string;
  text: string;
  /** Kind → annotation; empty for notes that are to be coded. */
  annotations: Readonly<Record<string, Annotation>>;
}

/** A note in words. */
export interface ReadNote extends Note {
  words: readonly NoteWord[];
}

export interface NoteWord extends Word {
  stem: string;
  /** Carries meaning: neither punctuation nor a function word. */
  isContent: boolean;
}

const HAS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

export const isVisibleWord = (key: string): boolean => HAS_LETTER_OR_DIGIT.test(key);

export const readNote = (note: Note): ReadNote => ({ ...note, words: wordsOf(note.text) });

export const wordsOf = (text: string): NoteWord[] =>
  foldedWords(text).map((word) => ({ ...word, stem: stemOf(word.key), isContent: isVisibleWord(word.key) && !isStopWord(word.key) }));

/** The words that a mention covers, in its order. */
export function wordsOfMention({ words }: ReadNote, { fragments }: CodedMention): NoteWord[] {
  return fragments.flatMap(([start, end]) => words.filter((word) => word.start < end && start < word.end));
}

/** How mentions are compared: folded words, separated by spaces, without punctuation. */
export const surfaceOf = (words: readonly NoteWord[]): string => words.filter(({ key }) => isVisibleWord(key)).map(({ key }) => key).join(' ');

/** The same of any text. */
export const surfaceOfText = (text: string): string => surfaceOf(wordsOf(text));

/** What stands around a mention: whether it is denied, whose it is, and whether the words beside it belong to a longer mention. */
import { endsSentence, isLink, isListedNegator, isNegator, isRelative, isStopWord, negatesBefore } from './cues.js';
import { isVisibleWord, type NoteWord } from './note.js';

/** Words before a mention that can deny it or give it to a relative, and words after it. */
const BEFORE = 11;
const AFTER = 6;
/** How fast a negator's say fades with each word between. */
const FADING = 0.15;

export interface Context {
  /** 1: denied by the word before; less from further away. */
  denied: number;
  /** By `ni`, which goes on with a denial that began earlier. */
  listed: number;
  ofRelative: number;
  deniedAfter: number;
  /** How often the next word, the word that `de` joins, and the word before are part of mentions, 0–1. */
  next: number;
  joined: number;
  previous: number;
  /** What the neighbours are: no word after, content words after and before. */
  endsPhrase: number;
  contentAfter: number;
  contentBefore: number;
}

export const contextNames = ['denied', 'listed', 'ofRelative', 'deniedAfter', 'next', 'joined', 'previous', 'endsPhrase', 'contentAfter', 'contentBefore'] as const satisfies readonly (keyof Context)[];

/**
 * @param rates [words] how often each word of the note is part of a mention
 * @param place words, half-open
 */
export function contextOf(words: readonly NoteWord[], rates: ArrayLike<number>, { start, end }: { start: number; end: number }): Context {
  const context = { denied: 0, listed: 0, ofRelative: 0, deniedAfter: 0, ...neighbours(words, rates, { start, end }) };
  for (let at = start - 1; at >= 0 && at >= start - BEFORE; at--) {
    const { key } = words[at]!;
    if (endsSentence(key)) break;
    if (isNegator(key)) context.denied = Math.max(context.denied, 1 / (1 + FADING * (start - 1 - at)));
    if (isListedNegator(key)) context.listed = 1;
    if (isRelative(key)) context.ofRelative = 1;
  }
  for (let at = end; at < words.length && at < end + AFTER; at++) {
    const { key } = words[at]!;
    if (endsSentence(key)) break;
    if (negatesBefore(key)) context.deniedAfter = 1;
  }
  return context;
}

function neighbours(words: readonly NoteWord[], rates: ArrayLike<number>, { start, end }: { start: number; end: number }) {
  const rateOf = (at: number): number => (words[at]?.isContent ? rates[at]! : 0);
  const after = words[end];
  return {
    next: rateOf(end),
    joined: after && isLink(after.key) ? rateOf(firstAfter(words, end)) : 0,
    previous: rateOf(start - 1),
    endsPhrase: Number(!after || !isVisibleWord(after.key)),
    contentAfter: Number(after?.isContent ?? false),
    contentBefore: Number(words[start - 1]?.isContent ?? false),
  };
}

function firstAfter(words: readonly NoteWord[], link: number): number {
  let at = link + 1;
  while (at < words.length && isStopWord(words[at]!.key)) at++;
  return at;
}

/** The lower, the more a mention counts. */
export const objections = ({ denied, listed, ofRelative, deniedAfter, next }: Context): number => denied + listed / 2 + ofRelative + deniedAfter + next;

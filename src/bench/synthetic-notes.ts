/** Synthetic discharge summaries with planted labels: phrases and words as frequent as Zipf's law says, numbers and misspellings among them. */
import { createRng, type Rng } from '../core/rng.js';

export interface SyntheticNotes {
  notes: number;
  labels: number;
  /** Mean length; MIMIC's discharge summaries have about 1,600. */
  words: number;
  seed: number;
}

export interface SyntheticNote {
  text: string;
  labels: number[];
}

const VOCABULARY = 60_000;
const PHRASES = 150_000;
const LONGEST_PHRASE = 8;
/** Phrases that hint at a label, of which a note that carries it has a few. */
const HINTS = 40;
const HINTS_IN_NOTE = 3;
/** Of the carriers' hints in notes that do not carry the label: family history, negation. */
const FALSE_HINTS = 0.05;
/** Shares of numbers and of misspelt words. */
const NUMBERS = 0.06;
const MISSPELT = 0.01;
/** Lengths are log-normal. */
const LENGTH_SPREAD = 0.5;

const SYLLABLES = ['ba', 'car', 'de', 'en', 'fi', 'gas', 'hep', 'in', 'ko', 'lum', 'my', 'neu', 'os', 'pul', 're', 'ste', 'tri', 'ur', 'va', 'xy'];

/** From 0, the k-th with a frequency in proportion to 1 / (k + 1). */
const zipf = (rng: Rng, size: number): number => Math.floor(Math.exp(rng.uniform() * Math.log(size + 1))) - 1;

/** The most frequent label is carried by four notes in ten, the fiftieth by one in twenty, as in MIMIC-IV's top 50. */
const prevalence = (label: number): number => 0.4 / (label + 1) ** 0.55;

/** Different for different numbers. */
function wordOf(k: number): string {
  let [word, rest] = ['', k + SYLLABLES.length];
  for (; rest; rest = Math.floor(rest / SYLLABLES.length)) word += SYLLABLES[rest % SYLLABLES.length]!;
  return word;
}

const phraseOf = (rng: Rng): string => Array.from({ length: 2 + rng.integer(LONGEST_PHRASE - 1) }, () => wordOf(zipf(rng, VOCABULARY))).join(' ');

/** Name of the visit whose note is number i. */
export const visitOf = (i: number): string => `v${i}`;

/** The notes in order; note i depends on the seed and i only. */
export function* syntheticNotes({ notes, labels, words, seed }: SyntheticNotes): Generator<SyntheticNote> {
  const rng = createRng(seed, 'synthetic-notes');
  const phrases = Array.from({ length: PHRASES }, (_, k) => phraseOf(rng.split('phrase', k)));
  const hints = Array.from({ length: labels }, (_, label) => Array.from({ length: HINTS }, (_unused, k) => phraseOf(rng.split('hint', label, k))));
  for (let i = 0; i < notes; i++) yield noteOf(rng.split('note', i), { phrases, hints, words });
}

function noteOf(rng: Rng, { phrases, hints, words }: { phrases: readonly string[]; hints: readonly string[][]; words: number }): SyntheticNote {
  const carried = hints.flatMap((_, label) => (rng.bernoulli(prevalence(label)) ? [label] : []));
  const parts = hints.flatMap((ofLabel, label) => hintsIn(rng, ofLabel, carried.includes(label)));
  const length = words * Math.exp(LENGTH_SPREAD * rng.normal() - LENGTH_SPREAD ** 2 / 2);
  let written = parts.reduce((sum, part) => sum + wordsIn(part), 0);
  while (written < length) {
    const part = partOf(rng, phrases);
    parts.push(part);
    written += wordsIn(part);
  }
  return { text: rng.shuffle(parts).join(' '), labels: carried };
}

const hintsIn = (rng: Rng, hints: readonly string[], carried: boolean): string[] =>
  carried || rng.bernoulli(FALSE_HINTS) ? Array.from({ length: 1 + rng.integer(HINTS_IN_NOTE) }, () => hints[zipf(rng, hints.length)]!) : [];

function partOf(rng: Rng, phrases: readonly string[]): string {
  const kind = rng.uniform();
  // A phrase has five words in the mean.
  if (kind < NUMBERS * 5) return String(zipf(rng, 10_000));
  if (kind < (NUMBERS + MISSPELT) * 5) return `${wordOf(zipf(rng, VOCABULARY))}${wordOf(rng.integer(400))}`;
  return phrases[zipf(rng, phrases.length)]!;
}

function wordsIn(part: string): number {
  let spaces = 0;
  for (let at = part.indexOf(' '); at >= 0; at = part.indexOf(' ', at + 1)) spaces++;
  return spaces + 1;
}

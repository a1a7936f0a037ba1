/** Runs of words that could be a mention, by how often their words were part of one in training. */
import type { Associations } from './associations.js';
import { endsPhrase } from './cues.js';
import type { NoteWord, ReadNote } from './note.js';
import { without } from './tally.js';

export interface Window {
  /** Words, half-open; the first and the last carry meaning. */
  start: number;
  end: number;
  /** Over the content words: how often they are part of mentions. */
  mean: number;
  most: number;
}

const LONGEST = 6;
const LEAST_MEAN = 0.05;
const LEAST_MOST = 0.1;

/** [words] the share of each stem's occurrences in training that lie within a mention. @param group left out */
export const markedRates = (note: ReadNote, { words }: Associations, group: string | undefined): Float64Array =>
  Float64Array.from(note.words, ({ stem }) => {
    const counts = words.get(stem);
    return counts ? (without(counts.marked, group) + 0.1) / (without(counts.all, group) + 1) : 0.1;
  });

export function windowsOf({ words }: ReadNote, rates: ArrayLike<number>): Window[] {
  return words.flatMap((word, start) => (word.isContent ? windowsFrom(start, words, rates) : []));
}

function windowsFrom(start: number, words: readonly NoteWord[], rates: ArrayLike<number>): Window[] {
  const windows: Window[] = [];
  let [sum, most, content] = [0, 0, 0];
  for (let at = start; at < Math.min(words.length, start + LONGEST); at++) {
    const { key, isContent } = words[at]!;
    if (endsPhrase(key) || key === '(' || key === ')') break;
    if (!isContent) continue;
    [sum, most, content] = [sum + rates[at]!, Math.max(most, rates[at]!), content + 1];
    if (most >= LEAST_MOST && sum / content > LEAST_MEAN) windows.push({ start, end: at + 1, mean: sum / content, most });
  }
  return windows;
}

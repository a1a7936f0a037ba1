/**
 * Mentions as bags of words: the stems of a mention's content words, in any order. A bag is found where all its words stand together in a note, with few
 * words between them, so that `dolor en el hipocondrio derecho` is also `hipocondrio derecho doloroso` in the annotators' discontinuous spans.
 */
import { groupBy } from '../../src/core/group-by.js';
import type { NoteWord, ReadNote } from './note.js';
import { endsPhrase, isStopWord } from './cues.js';

/** Sorted stems, separated by spaces. */
export type Bag = string;

/** A place where a bag's words stand together. */
export interface Occurrence {
  /** Words of the note, half-open. */
  start: number;
  end: number;
  /** Words between that are neither the bag's nor function words. */
  gap: number;
}

const MAX_GAP = 3;

/** @returns '' when no word carries meaning */
export const bagOf = (words: readonly NoteWord[]): Bag => [...new Set(words.filter(({ isContent }) => isContent).map(({ stem }) => stem))].sort().join(' ');

const stemsOf = (bag: Bag): string[] => bag.split(' ');

export const sizeOfBag = (bag: Bag): number => stemsOf(bag).length;

/** Bags by the rarest of their stems: only where that one stands can they be. */
export type BagIndex = ReadonlyMap<string, readonly Bag[]>;

export const indexBags = (bags: Iterable<Bag>, frequencyOf: (stem: string) => number): BagIndex =>
  groupBy(bags, (bag) => stemsOf(bag).reduce((rarest, stem) => (frequencyOf(stem) < frequencyOf(rarest) ? stem : rarest)));

/** @returns the bags that occur, with where */
export function findBags({ words }: Pick<ReadNote, 'words'>, index: BagIndex): Map<Bag, Occurrence[]> {
  const places = placesOfStems(words);
  const found = new Map<Bag, Occurrence[]>();
  for (const [stem, at] of places) {
    for (const bag of index.get(stem) ?? []) {
      const others = stemsOf(bag).filter((other) => other !== stem);
      if (!others.every((other) => places.has(other))) continue;
      const occurrences = at.flatMap((place) => occurrenceAt(place, others.map((other) => places.get(other)!), words) ?? []);
      if (occurrences.length) found.set(bag, occurrences);
    }
  }
  return found;
}

function placesOfStems(words: readonly NoteWord[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  words.forEach(({ stem }, at) => {
    const listed = places.get(stem);
    if (listed) listed.push(at);
    else places.set(stem, [at]);
  });
  return places;
}

/** The words nearest to `place`, if they are near enough and, where others stand between them, in one phrase. */
function occurrenceAt(place: number, others: readonly number[][], words: readonly NoteWord[]): Occurrence | undefined {
  const chosen = others.map((places) => nearest(places, place));
  const start = Math.min(place, ...chosen);
  const end = Math.max(place, ...chosen) + 1;
  const between = words.slice(start, end);
  const gap = between.filter(({ key }) => !isStopWord(key)).length - 1 - others.length;
  if (gap > MAX_GAP || (gap > 0 && between.some(({ key }) => endsPhrase(key)))) return undefined;
  return { start, end, gap };
}

const nearest = (places: readonly number[], to: number): number => places.reduce((best, place) => (Math.abs(place - to) < Math.abs(best - to) ? place : best));

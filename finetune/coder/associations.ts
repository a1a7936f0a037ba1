/** What the training notes tell of one kind of codes: which words speak for which code, and how often rightly. Everything counts notes. */
import { bagOf, findBags, indexBags, type Bag, type BagIndex } from './bags.js';
import { surfaceOf, wordsOfMention, type ReadNote } from './note.js';
import { count, emptyTally, tallyAt, type Tally } from './tally.js';

export interface BagCounts {
  /** Notes in which the bag's words stand together. */
  occurs: Tally;
  /** Code → notes where a mention of it is this bag, and notes that have the bag and the code, wherever the code's evidence is. */
  codes: Map<string, { annotated: Tally; carried: Tally }>;
}

export interface WordCounts {
  all: Tally;
  /** Within a mention. */
  marked: Tally;
}

export interface Associations {
  notes: Tally;
  /** Code → notes that carry it. */
  codes: Map<string, Tally>;
  bags: Map<Bag, BagCounts>;
  /** Surface form → code → notes with such a mention. */
  surfaces: Map<string, Map<string, Tally>>;
  /** Stem → its words. */
  words: Map<string, WordCounts>;
  index: BagIndex;
}

export function fitAssociations(notes: readonly ReadNote[], kind: string): Associations {
  const fitted: Omit<Associations, 'index'> = { notes: emptyTally(), codes: new Map(), bags: new Map(), surfaces: new Map(), words: new Map() };
  for (const note of notes) {
    count(fitted.notes, note.group);
    for (const code of note.annotations[kind]?.codes ?? []) count(tallyAt(fitted.codes, code), note.group);
    countMentions(fitted, note, kind);
  }
  const index = indexOf(fitted);
  for (const note of notes) countOccurrences(fitted.bags, note, { kind, index });
  return { ...fitted, index };
}

/** @see {@link indexBags} */
export const indexOf = ({ bags, words }: Pick<Associations, 'bags' | 'words'>): BagIndex => indexBags(bags.keys(), (stem) => words.get(stem)?.all.total ?? 0);

function countMentions({ bags, surfaces, words }: Omit<Associations, 'index'>, note: ReadNote, kind: string): void {
  const marked = new Set<number>();
  const seen = new Set<string>();
  const once = (key: string, then: () => void): void => {
    if (!seen.has(key)) then();
    seen.add(key);
  };
  for (const mention of note.annotations[kind]?.mentions ?? []) {
    const { code } = mention;
    const covered = wordsOfMention(note, mention);
    covered.forEach(({ start }) => marked.add(start));
    const [bag, surface] = [bagOf(covered), surfaceOf(covered)];
    if (bag) once(`bag ${bag}|${code}`, () => count(countsOfCode(bags, bag, code).annotated, note.group));
    if (surface) once(`surface ${surface}|${code}`, () => count(tallyAt(codesOfSurface(surfaces, surface), code), note.group));
  }
  for (const { stem, start } of note.words) {
    const counts = words.get(stem) ?? { all: emptyTally(), marked: emptyTally() };
    words.set(stem, counts);
    count(counts.all, note.group);
    if (marked.has(start)) count(counts.marked, note.group);
  }
}

function countsOfCode(bags: Associations['bags'], bag: Bag, code: string): { annotated: Tally; carried: Tally } {
  const counts = bags.get(bag) ?? { occurs: emptyTally(), codes: new Map() };
  bags.set(bag, counts);
  const ofCode = counts.codes.get(code) ?? { annotated: emptyTally(), carried: emptyTally() };
  counts.codes.set(code, ofCode);
  return ofCode;
}

function codesOfSurface(surfaces: Associations['surfaces'], surface: string): Map<string, Tally> {
  const codes = surfaces.get(surface) ?? new Map<string, Tally>();
  surfaces.set(surface, codes);
  return codes;
}

function countOccurrences(bags: Associations['bags'], note: ReadNote, { kind, index }: { kind: string; index: BagIndex }): void {
  const carried = new Set(note.annotations[kind]?.codes);
  for (const bag of findBags(note, index).keys()) {
    const { occurs, codes } = bags.get(bag)!;
    count(occurs, note.group);
    for (const [code, counts] of codes) if (carried.has(code)) count(counts.carried, note.group);
  }
}

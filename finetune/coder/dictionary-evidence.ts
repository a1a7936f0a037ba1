/** What the dictionary of training mentions says for each code of a note. */
import { groupBy } from '../../src/core/group-by.js';
import type { Associations } from './associations.js';
import { findBags, sizeOfBag, type Bag, type Occurrence } from './bags.js';
import { contextNames, contextOf, objections, type Context } from './context.js';
import type { ReadNote } from './note.js';
import { without } from './tally.js';

/** One bag of words that was a mention of the code in training and stands in the note. */
export interface BagEvidence {
  /** Share of the training notes with the bag that carry the code, smoothed. */
  chance: number;
  carried: number;
  occurs: number;
  annotated: number;
  /** Of the bag's mentions, those of this code. */
  share: number;
  size: number;
  gap: number;
  occurrences: readonly Occurrence[];
  /** Occurrences that are not part of a longer bag's. */
  free: number;
  contexts: readonly Context[];
}

const PRIOR_HITS = 0.3;
const MOST_OCCURRENCES = 5;

/** @param group left out of all counts */
export function dictionaryEvidence(note: ReadNote, rates: ArrayLike<number>, { bags, index }: Pick<Associations, 'bags' | 'index'>, group: string | undefined): Map<string, BagEvidence[]> {
  const withoutGroup = (bag: Bag) =>
    [...bags.get(bag)!.codes].map(([code, ofCode]) => ({ code, ofCode, annotated: without(ofCode.annotated, group) })).filter(({ annotated }) => annotated > 0);
  // Bags that only the note's own group has are not there, nor may they cover others.
  const known = [...findBags(note, index)].map(([bag, occurrences]) => ({ bag, occurrences, annotated: withoutGroup(bag) })).filter(({ annotated }) => annotated.length);
  const found = new Map(known.map(({ bag, occurrences }) => [bag, occurrences]));
  const all = known.flatMap(({ bag, occurrences, annotated }) => {
    const total = annotated.reduce((sum, one) => sum + one.annotated, 0);
    const occurs = without(bags.get(bag)!.occurs, group);
    const ofBag = {
      occurs, occurrences,
      size: sizeOfBag(bag),
      gap: Math.min(...occurrences.map(({ gap }) => gap)),
      free: occurrences.filter((one) => !isCovered(one, bag, found)).length,
      contexts: occurrences.map((place) => contextOf(note.words, rates, place)),
    };
    return annotated.map(({ code, ofCode, annotated: n }) => {
      const carried = without(ofCode.carried, group);
      return { code, ...ofBag, carried, annotated: n, share: n / total, chance: (carried + PRIOR_HITS) / (occurs + 1) };
    });
  });
  const evidence = groupBy(all, ({ code }) => code);
  for (const list of evidence.values()) list.sort((a, b) => b.chance - a.chance);
  return evidence;
}

/** Whether a longer bag's occurrence holds this one. */
function isCovered({ start, end }: Occurrence, bag: Bag, found: ReadonlyMap<Bag, readonly Occurrence[]>): boolean {
  const size = sizeOfBag(bag);
  for (const [other, occurrences] of found) {
    if (sizeOfBag(other) > size && occurrences.some((one) => one.start <= start && one.end >= end)) return true;
  }
  return false;
}

export const dictionaryFeatureNames = [
  'dictionary', 'log odds', 'carried', 'occurs', 'annotated', 'share', 'gap', 'size', 'occurrences', 'free', 'place', 'bags', 'any of them', 'largest', 'any free', 'least gap',
  'second', 'chance', 'annotated of occurring', 'one word', 'never carried', 'always denied', 'ever denied', 'least neighbour', 'log odds × denied', 'log odds × next', 'log odds × joined',
  ...contextNames,
] as const;
type Feature = (typeof dictionaryFeatureNames)[number];

export const logit = (p: number): number => Math.log(p / (1 - p));
const CERTAIN = 0.97;

/** @param evidence of one code, best first; not empty */
export function dictionaryFeatures(evidence: readonly BagEvidence[], words: number): Record<Feature, number> {
  const [best, second] = [evidence[0]!, evidence[1]];
  const contexts = evidence.flatMap((one) => one.contexts);
  const context = best.contexts.reduce((least, one) => (objections(one) < objections(least) ? one : least));
  const odds = logit(Math.min(best.chance, CERTAIN));
  return {
    dictionary: 1,
    'log odds': odds,
    carried: Math.log1p(best.carried),
    occurs: Math.log1p(best.occurs),
    annotated: Math.log1p(best.annotated),
    share: best.share,
    gap: best.gap,
    size: best.size,
    occurrences: Math.min(best.occurrences.length, MOST_OCCURRENCES),
    free: Number(best.free > 0),
    place: best.occurrences[0]!.start / Math.max(1, words),
    bags: Math.min(evidence.length, 4),
    'any of them': 1 - evidence.slice(0, 5).reduce((product, { chance }) => product * (1 - chance), 1),
    largest: Math.max(...evidence.map(({ size }) => size)),
    'any free': Number(evidence.some(({ free }) => free > 0)),
    'least gap': Math.min(...evidence.map(({ gap }) => gap)),
    second: second?.chance ?? 0,
    chance: best.chance,
    'annotated of occurring': (best.annotated + PRIOR_HITS) / (best.occurs + 1),
    'one word': Number(best.size === 1),
    'never carried': Number(best.carried === 0),
    'always denied': Math.min(...contexts.map(({ denied }) => denied)),
    'ever denied': Math.max(...contexts.map(({ denied }) => denied)),
    'least neighbour': Math.min(...contexts.map(({ next, joined }) => Math.max(next, joined)), 1),
    'log odds × denied': odds * context.denied,
    'log odds × next': odds * context.next,
    'log odds × joined': odds * context.joined,
    ...context,
  };
}

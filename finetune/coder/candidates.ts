/** The codes that come into question for a note, each with what speaks for it as numbers, and where. */
import { groupBy } from '../../src/core/group-by.js';
import type { Associations } from './associations.js';
import { dictionaryEvidence, dictionaryFeatureNames, dictionaryFeatures, logit, type BagEvidence } from './dictionary-evidence.js';
import type { CodeScores } from './document-scores.js';
import type { ReadNote } from './note.js';
import { spellingEvidence, spellingFeatureNames, spellingFeatures, type WindowEvidence } from './spelling-evidence.js';
import type { Spelling } from './spelling.js';
import { without } from './tally.js';
import { markedRates, windowsOf } from './windows.js';

/** Words of the note that speak for a code. */
export interface Place {
  start: number;
  end: number;
  weight: number;
  source: 'mention' | 'spelling';
}

export interface Candidate {
  code: string;
  /** [features] */
  features: Float64Array;
  /** The best first. */
  places: readonly Place[];
}

const codeFeatureNames = ['training notes', 'unseen', 'training notes, not in dictionary', 'best of its category', 'best of its category, not in dictionary', 'length of note', 'document', 'log document', 'model', 'log odds of model'] as const;
const OUTSIDE_DICTIONARY = ['worth', 'like mention', 'like title', 'like foreign title', 'mean rate', 'taken'] as const;

export const featureNames: readonly string[] = [
  ...dictionaryFeatureNames, ...spellingFeatureNames, ...OUTSIDE_DICTIONARY.map((name) => `${name}, not in dictionary`), ...codeFeatureNames,
];

export interface CandidateInput {
  note: ReadNote;
  associations: Associations;
  spelling: Spelling;
  /** Of the whole note; for a training note, as if its group had not been seen. */
  document: CodeScores;
  /** Probabilities by a model of another kind, such as label attention. */
  model?: CodeScores;
  /** Left out of all counts: the group of a training note. */
  group?: string;
}

/** Places kept of a code. */
const MOST_PLACES = 8;
/** A window's worth against a chance of the dictionary, when places are ranked. */
const WINDOW_WEIGHT = 0.3;
/** Codes that the whole note alone puts forward. */
const FROM_DOCUMENT = 10;

export function candidatesOf(input: CandidateInput): Candidate[] {
  const { note, associations, spelling, document, model, group } = input;
  const rates = markedRates(note, associations, group);
  const dictionary = dictionaryEvidence(note, rates, associations, group);
  const windows = windowsOf(note, rates);
  const spelt = spellingEvidence({ note, windows, rates, taken: readings(dictionary), associations, spelling, group });
  const categories = bestOfCategories(dictionary);
  const codes = new Set([...dictionary.keys(), ...spelt.keys(), ...highest(document, FROM_DOCUMENT), ...(model ? highest(model, FROM_DOCUMENT) : [])]);
  return [...codes].sort().map((code) => {
    const [bags, near] = [dictionary.get(code), spelt.get(code)];
    const seen = without(associations.codes.get(code) ?? { total: 0 }, group);
    const siblings = (categories.get(categoryOf(code)) ?? []).filter((one) => one.code !== code);
    const best = Math.max(0, ...siblings.map(({ chance }) => chance));
    const features: Record<string, number> = {
      ...(bags ? dictionaryFeatures(bags, note.words.length) : {}),
      ...(near ? spellingFeatures(near) : {}),
      'training notes': Math.log1p(seen),
      unseen: Number(seen === 0),
      'best of its category': best,
      'length of note': Math.log(Math.max(1, note.words.length)),
      ...documentFeatures(document.get(code)),
      ...modelFeatures(model?.get(code)),
    };
    if (!bags) {
      for (const name of OUTSIDE_DICTIONARY) features[`${name}, not in dictionary`] = features[name] ?? 0;
      features['training notes, not in dictionary'] = features['training notes']!;
      features['best of its category, not in dictionary'] = best;
    }
    return { code, features: Float64Array.from(featureNames, (name) => features[name] ?? 0), places: placesOf(bags, near) };
  });
}

/** The best reading of each word by the dictionary. */
function readings(dictionary: ReadonlyMap<string, readonly BagEvidence[]>): Map<number, { code: string; chance: number }> {
  const best = new Map<number, { code: string; chance: number }>();
  for (const [code, evidence] of dictionary) {
    for (const { chance, occurrences } of evidence) {
      for (const { start, end } of occurrences) {
        for (let at = start; at < end; at++) if (chance > (best.get(at)?.chance ?? 0)) best.set(at, { code, chance });
      }
    }
  }
  return best;
}

/** ICD: three characters; of other systems about as good a guess. */
const categoryOf = (code: string): string => code.slice(0, 3);

function bestOfCategories(dictionary: ReadonlyMap<string, readonly BagEvidence[]>): Map<string, { code: string; chance: number }[]> {
  const chances = [...dictionary].map(([code, evidence]) => ({ code, chance: evidence[0]!.chance }));
  return groupBy(chances, ({ code }) => categoryOf(code));
}

const highest = (scores: CodeScores, count: number): string[] =>
  [...scores].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, count).map(([code]) => code);

const LEAST_SCORE = 1e-3;
const documentFeatures = (score = 0): Record<string, number> => ({ document: score, 'log document': Math.log(Math.max(score, LEAST_SCORE)) });

const LEAST_PROBABILITY = 1e-4;
const modelFeatures = (probability = 0): Record<string, number> => {
  const clipped = Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
  return { model: probability, 'log odds of model': logit(clipped) };
};

function placesOf(bags: readonly BagEvidence[] = [], windows: readonly WindowEvidence[] = []): Place[] {
  const places: Place[] = [
    ...bags.flatMap(({ chance, occurrences }) => occurrences.map(({ start, end }) => ({ start, end, weight: chance, source: 'mention' as const }))),
    ...windows.map(({ window: { start, end }, worth }) => ({ start, end, weight: WINDOW_WEIGHT * worth, source: 'spelling' as const })),
  ];
  const distinct = new Map(places.sort((a, b) => a.weight - b.weight).map((place) => [`${place.start} ${place.end}`, place]));
  return [...distinct.values()].sort((a, b) => b.weight - a.weight || a.start - b.start).slice(0, MOST_PLACES);
}

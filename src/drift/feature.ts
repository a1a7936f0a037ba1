/** What is compared of two populations of visits: numbers, or counts of categories, by the same names on both sides. */

import { hash32 } from '../core/rng.js';

/** What drifts: what the model reads, what it is to predict, what it predicts. */
export const driftGroups = ['input', 'label', 'prediction'] as const;
export type DriftGroup = (typeof driftGroups)[number];

export interface Named {
  name: string;
  group: DriftGroup;
}

export interface NumericFeature extends Named {
  type: 'numeric';
  /** One for each visit (or record); NaN: missing. */
  values: Float64Array;
}

export interface CategoricalFeature extends Named {
  type: 'categories';
  counts: Map<string, number>;
  /**
   * Where one visit counts many times (its codes, the words of its note), counts are not independent: the counts of two random halves of the
   * patients, whose difference tells by how much a test would be wrong.
   */
  halves?: [Map<string, number>, Map<string, number>];
  /** Categories are no names that mean anything to a reader. */
  unnamed?: boolean;
}

export type Feature = NumericFeature | CategoricalFeature;

export interface Sample {
  visits: number;
  features: Feature[];
  /** Code (`dx icd10cm I10`) → visits that carry it. */
  labels: Map<string, number>;
}

/** How large a difference is, all visits say; whether chance explains it, one visit of each patient, since a patient's visits are alike. */
export interface Population {
  patients: number;
  all: Sample;
  independent: Sample;
}

/** One visit of each patient, chosen by its id: neither the first nor the last, which are of another kind. @returns positions in `visits` */
export function onePerPatient(patients: readonly string[], visits: readonly string[]): number[] {
  const chosen = new Map<string, number>();
  for (const [i, patient] of patients.entries()) {
    const other = chosen.get(patient);
    if (other === undefined || hash32(visits[i]!) < hash32(visits[other]!)) chosen.set(patient, i);
  }
  return [...chosen.values()];
}

export function countCategories(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Counts of what visits hold many of, all together and by halves of the patients. @param visits patient and categories of each visit */
export function clusteredCategories(named: Named, visits: Iterable<readonly [patient: string, held: Iterable<string>]>): CategoricalFeature {
  const counts = new Map<string, number>();
  const halves: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  for (const [patient, held] of visits) {
    for (const category of held) for (const into of [counts, halves[hash32(patient) & 1]!]) into.set(category, (into.get(category) ?? 0) + 1);
  }
  return { ...named, type: 'categories', counts, halves };
}

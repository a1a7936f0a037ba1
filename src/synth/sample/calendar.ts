/** When visits happen: lengths of stay, gaps, the switch from ICD-9 to ICD-10, and the share of visits after it. */
import type { Rng } from '../../core/rng.js';
import type { World } from '../world/types.js';

export const DAY = 24 * 60 * 60 * 1000;

const YEAR = 365.25 * DAY;
const FIRST_START = Date.UTC(2008, 0, 1);
const LAST_START = Date.UTC(2020, 0, 1);

/** From this (real) day on visits are coded in ICD-10. */
export const ICD10_START = Date.UTC(2015, 9, 1);

const LONGEST_STAY_DAYS = 12;
const LONGEST_READMISSION_GAP_DAYS = 28;
const SHORTEST_LATER_GAP_DAYS = 35;
const LATER_GAP_SPAN_DAYS = 700;

/** P(the patient dies in hospital), whatever the diseases. */
export const DEATH_RATE = 0.03;

/** P(a later, unrelated visit | discharged alive and not readmitted within 30 days). */
export const LATER_VISIT_RATE = 0.25;

export const drawStart = (rng: Rng): number => FIRST_START + Math.floor(rng.uniform() * (LAST_START - FIRST_START));

/** Milliseconds from admission to discharge: 1 to 12 days. */
export const drawStay = (rng: Rng): number => Math.floor((1 + rng.uniform() * (LONGEST_STAY_DAYS - 1)) * DAY);

/** Milliseconds from discharge to the next admission; within 30 days when it is a readmission. */
export const drawGap = (rng: Rng, readmitted: boolean): number => {
  const days = readmitted ? 1 + rng.uniform() * (LONGEST_READMISSION_GAP_DAYS - 1) : SHORTEST_LATER_GAP_DAYS + rng.uniform() * LATER_GAP_SPAN_DAYS;
  return Math.floor(days * DAY);
};

/** P(readmitted | discharged alive). */
export function readmissionRate(world: World): number {
  const { diseases, fact, risk } = world.readmission;
  const coded = 1 - diseases.reduce((none, disease) => none * (1 - world.diseases[disease]!.rates[0]!), 1);
  const stated = world.facts[fact]!.rate;
  return (1 - coded) * ((1 - stated) * risk[0][0] + stated * risk[0][1]) + coded * ((1 - stated) * risk[1][0] + stated * risk[1][1]);
}

/**
 * P(a visit is coded in ICD-10). The k-th visit starts at a uniform day plus k − 1 independent increments, and the number of visits is
 * geometric, so the mean delay of a visit is `increment · q / (1 − q)`; a patient followed for longer than the years before the
 * switch (less than one in a million) is neglected.
 */
export function icd10Share(world: World): number {
  const readmitted = readmissionRate(world);
  const later = (1 - readmitted) * LATER_VISIT_RATE;
  const continues = (1 - DEATH_RATE) * (readmitted + later);
  const meanGap = (readmitted * (1 + LONGEST_READMISSION_GAP_DAYS) * 0.5 + later * (SHORTEST_LATER_GAP_DAYS + LATER_GAP_SPAN_DAYS / 2)) / (readmitted + later);
  const increment = (meanGap + (1 + LONGEST_STAY_DAYS) / 2) * DAY;
  const delay = (increment * continues) / (1 - continues);
  return (LAST_START - ICD10_START + delay) / (LAST_START - FIRST_START);
}

/** A shift of 90 to 180 years in whole days, as de-identification does; one for each patient. */
export const drawShift = (rng: Rng): number => Math.round((90 + rng.uniform() * 90) * (YEAR / DAY)) * DAY;

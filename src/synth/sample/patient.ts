/** Draws one patient with all visits, their dates and the administrative facts around them. */
import type { Rng } from '../../core/rng.js';
import type { World } from '../world/types.js';
import { DEATH_RATE, drawGap, drawShift, drawStart, drawStay, ICD10_START, LATER_VISIT_RATE } from './calendar.js';
import { drawTraits, drawVisit, type ClinicalVisit, type PatientTraits } from './visit.js';

export interface SampledVisit extends ClinicalVisit {
  /** Position in the patient's history, from 0. */
  sequence: number;
  /** Shifted (de-identified) times, milliseconds since 1970. */
  admittedAt: number;
  dischargedAt: number;
  /** The visit was coded in ICD-10 (by its real date). */
  icd10: boolean;
  died: boolean;
  /** An unplanned admission follows within 30 days of discharge. */
  readmitted: boolean;
  /** Follows an earlier visit within 30 days, so it is not elective. */
  isReadmission: boolean;
}

export interface SampledPatient {
  index: number;
  sex: 'F' | 'M';
  /** Years at the first admission. */
  age: number;
  /** Real (unshifted) time of the first admission. */
  startedAt: number;
  /** What was added to real times. */
  shift: number;
  traits: PatientTraits;
  visits: SampledVisit[];
}

const YOUNGEST = 20;
const OLDEST = 95;

const drawAge = (rng: Rng): number => Math.min(OLDEST, Math.max(YOUNGEST, Math.round(63 + 16 * rng.normal())));

/** P(readmitted | the visit), see {@link World.readmission}. */
export function readmissionRisk({ readmission }: World, visit: ClinicalVisit): number {
  const coded = readmission.diseases.some((disease) => visit.states[disease]! > 0);
  return readmission.risk[coded ? 1 : 0][visit.facts[readmission.fact] ? 1 : 0];
}

/**
 * The patient with this index. Whether another visit follows depends only on what is drawn anew for each visit, so that
 * every visit, first or last, has the same distribution.
 */
export function drawPatient(world: World, index: number, root: Rng): SampledPatient {
  const rng = root.split('patient', index);
  const traits = drawTraits(world, rng.split('traits'));
  const admin = rng.split('admin');
  const startedAt = drawStart(admin);
  const shift = drawShift(admin);
  const patient: SampledPatient = { index, sex: admin.bernoulli(0.5) ? 'F' : 'M', age: drawAge(admin), startedAt, shift, traits, visits: [] };
  let now = startedAt;
  let isReadmission = false;
  for (let sequence = 0; ; sequence++) {
    const clinical = drawVisit(world, traits, rng.split('visit', sequence));
    const end = now + drawStay(admin);
    const died = admin.bernoulli(DEATH_RATE);
    const readmitted = !died && admin.bernoulli(readmissionRisk(world, clinical));
    patient.visits.push({ ...clinical, sequence, admittedAt: now + shift, dischargedAt: end + shift, icd10: now >= ICD10_START, died, readmitted, isReadmission });
    if (died || !(readmitted || admin.bernoulli(LATER_VISIT_RATE))) return patient;
    now = end + drawGap(admin, readmitted);
    isReadmission = readmitted;
  }
}

/** Prescription rows with the quirks of the real tables: spellings, missing NDCs, repeats, carriers, odd dates. */
import { hash32, type Rng } from '../../core/rng.js';
import type { Drug } from '../world/types.js';
import { CARRIERS } from '../world/drugs.js';
import { pick, type VisitToWrite } from './format.js';
import { DAY } from '../sample/calendar.js';

export interface PrescriptionRow {
  kind: 'MAIN' | 'BASE';
  name: string;
  /** Eleven digits, `0` or missing; made up, in a range that no labeller uses. */
  ndc: string | null;
  gsn: string | null;
  formularyCode: string;
  strength: string;
  dose: string;
  unit: string;
  route: string;
  startedAt: number;
  stoppedAt: number | null;
}

/** How a name is spelled on a row, and how often. */
const SPELLINGS: readonly (readonly [weight: number, spell: (name: string) => string])[] = [
  [0.82, (name) => name],
  [0.07, (name) => `${name} `],
  [0.05, (name) => name.toLowerCase()],
  [0.04, (name) => name.toUpperCase()],
  [0.02, (name) => `*NF* ${name}`],
];

const REPEAT_RATE = 0.05;
const CARRIER_RATE = 0.6;

const formularyCode = (name: string): string => name.replace(/[^A-Za-z]/g, '').slice(0, 4).toUpperCase() + (hash32(name) % 100);

function madeUpNdc(atc: string, rng: Rng): string | null {
  const kind = rng.categorical([0.75, 0.2, 0.05]);
  return kind === 0 ? `99999${String(hash32('ndc', atc) % 1_000_000).padStart(6, '0')}` : kind === 1 ? '0' : null;
}

/** Most start in the stay; some stop before they start or outlast it, as in the real tables. */
function prescriptionTimes({ visit }: VisitToWrite, rng: Rng): Pick<PrescriptionRow, 'startedAt' | 'stoppedAt'> {
  const startedAt = visit.admittedAt + Math.floor(rng.uniform() * (visit.dischargedAt - visit.admittedAt));
  const stoppedAt = rng.bernoulli(0.02) ? null : startedAt + Math.floor((rng.uniform() * 4 - 0.1) * DAY);
  return { startedAt, stoppedAt };
}

function drugRow(drug: Drug, visit: VisitToWrite, rng: Rng): PrescriptionRow {
  const spell = SPELLINGS[rng.categorical(SPELLINGS.map(([weight]) => weight))]![1];
  return {
    kind: 'MAIN', name: spell(drug.name), ndc: madeUpNdc(drug.atc, rng), gsn: String(hash32('gsn', drug.atc) % 80_000).padStart(6, '0'), formularyCode: formularyCode(drug.name),
    strength: drug.strength, dose: drug.dose, unit: drug.unit, route: drug.route, ...prescriptionTimes(visit, rng),
  };
}

function carrierRow(visit: VisitToWrite, rng: Rng): PrescriptionRow {
  const { name, strength, unit } = pick(rng, CARRIERS);
  return { kind: 'BASE', name, ndc: '0', gsn: null, formularyCode: formularyCode(name), strength, dose: strength.match(/\d+/)?.[0] ?? '1', unit, route: 'IV', ...prescriptionTimes(visit, rng) };
}

/** All prescription rows of a visit, in random order. Carriers come at a fixed rate, so that they tell nothing. */
export function prescriptionRows(visit: VisitToWrite): PrescriptionRow[] {
  const rng = visit.rng.split('prescriptions');
  const drugs = visit.visit.drugs.flatMap((drug) => (drug ? [drugRow(drug, visit, rng)] : []));
  const repeats = drugs.filter(() => rng.bernoulli(REPEAT_RATE));
  const carriers = Array.from({ length: 3 }, () => 0).flatMap(() => (rng.bernoulli(CARRIER_RATE) ? [carrierRow(visit, rng)] : []));
  return rng.shuffle([...drugs, ...repeats, ...carriers]);
}

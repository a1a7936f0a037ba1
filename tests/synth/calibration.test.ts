/** The ceiling's scores against the labels of sampled patients: calibrated in every bin, and better with more to see. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { createScorer, scorePatient, type Inputs, type Score, type VisitScores } from '../../src/synth/bayes/scores.js';
import { icd10Share, readmissionRate } from '../../src/synth/sample/calendar.js';
import { drawPatient, type SampledPatient, type SampledVisit } from '../../src/synth/sample/patient.js';
import { hospitalWorld } from '../../src/synth/world/hospital.js';

interface Prediction {
  patient: number;
  probability: number;
  label: boolean;
}

const PATIENTS = 900;
const world = hospitalWorld();
const scorer = createScorer(world, icd10Share(world));
const sampled: { patient: SampledPatient; scores: VisitScores[] }[] = Array.from({ length: PATIENTS }, (_, index) => {
  const patient = drawPatient(world, index, createRng(3, 'calibration'));
  return { patient, scores: scorePatient(scorer, patient) };
});

const diagnoses = (visit: SampledVisit): Set<string> => new Set([...visit.states].flatMap((state, d) => {
  if (state === 0) return [];
  const { icd9, icd10 } = world.diseases[d]!.variants[state - 1]!;
  return [visit.icd10 ? `icd10cm:${icd10[0]}` : `icd9cm:${icd9[0]}`];
}));

const medications = (visit: SampledVisit): Set<string> => new Set(visit.drugs.flatMap((drug) => (drug ? [4, 5, 7].map((length) => `atc:${drug.atc.slice(0, length)}`) : [])));

function predictions(scoresOf: (scores: VisitScores) => Score[], labelsOf: (visit: SampledVisit) => Set<string>, inputs: Inputs): Prediction[] {
  return sampled.flatMap(({ patient, scores }) => patient.visits.flatMap((visit, at) => {
    const labels = labelsOf(visit);
    return scoresOf(scores[at]!).filter((score) => score.inputs === inputs)
      .map(({ system, code, probability }) => ({ patient: patient.index, probability, label: labels.has(system === undefined ? 'readmitted' : `${system}:${code}`) }));
  }));
}

/** (Σ label − p) over its standard error with patients as clusters: about standard normal for a calibrated score. */
function calibrationZ(list: readonly Prediction[]): number {
  const byPatient = new Map<number, number>();
  for (const { patient, probability, label } of list) byPatient.set(patient, (byPatient.get(patient) ?? 0) + Number(label) - probability);
  const residuals = [...byPatient.values()];
  return residuals.reduce((a, b) => a + b, 0) / Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0));
}

const EDGES = [0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95, 0.995, 1.01];

function expectCalibrated(list: readonly Prediction[]): void {
  EDGES.slice(1).forEach((upper, at) => {
    const bin = list.filter(({ probability }) => probability >= EDGES[at]! && probability < upper);
    const expectedCount = bin.reduce((sum, { probability }) => sum + Math.min(probability, 1 - probability), 0);
    if (expectedCount >= 15) expect(Math.abs(calibrationZ(bin)), `bin from ${EDGES[at]} with ${bin.length} scores`).toBeLessThan(4);
  });
}

const logLoss = (list: readonly Prediction[]): number =>
  list.reduce((sum, { probability: p, label }) => sum - Math.log(Math.max(label ? p : 1 - p, 1e-12)), 0) / list.length;

/** Summed, for inputs list different numbers of codes: one that is left out counts as p = 0 and is almost always negative. */
const totalLoss = (list: readonly Prediction[]): number => logLoss(list) * list.length;

const readmitted = (visit: SampledVisit): Set<string> => new Set(visit.readmitted ? ['readmitted'] : []);

describe('ceiling of ICD coding', () => {
  const byInputs = (inputs: Inputs): Prediction[] => predictions(({ icdCoding }) => icdCoding, diagnoses, inputs);

  it.each(['text', 'codes', 'text+codes'] as const)('is calibrated given %s', (inputs) => expectCalibrated(byInputs(inputs)));

  it('leaves out hardly any true code', () => {
    const total = sampled.reduce((sum, { patient }) => sum + patient.visits.reduce((count, visit) => count + diagnoses(visit).size, 0), 0);
    for (const inputs of ['text', 'codes', 'text+codes'] as const) expect(byInputs(inputs).filter(({ label }) => label).length).toBeGreaterThan(0.995 * total);
  });

  it('does better with both than with either alone', () => {
    expect(totalLoss(byInputs('text+codes'))).toBeLessThan(0.97 * totalLoss(byInputs('text')));
    expect(totalLoss(byInputs('text+codes'))).toBeLessThan(0.7 * totalLoss(byInputs('codes')));
  });
});

describe('ceiling of readmission', () => {
  const byInputs = (inputs: Inputs): Prediction[] => predictions(({ readmission }) => readmission, readmitted, inputs);

  it.each(['text', 'codes', 'text+codes'] as const)('is calibrated given %s', (inputs) => expectCalibrated(byInputs(inputs)));

  it('scores every discharge alive once for each input, and no death', () => {
    const alive = sampled.flatMap(({ patient }) => patient.visits).filter(({ died }) => !died).length;
    expect(byInputs('text+codes')).toHaveLength(alive);
  });

  it('needs both modalities: each alone gains little over the base rate', () => {
    const base = readmissionRate(world);
    const blind = logLoss(byInputs('text').map((prediction) => ({ ...prediction, probability: base })));
    const gain = (inputs: Inputs): number => blind - logLoss(byInputs(inputs));
    expect(gain('text+codes')).toBeGreaterThan(2 * gain('text'));
    expect(gain('text+codes')).toBeGreaterThan(2 * gain('codes'));
  });
});

describe('ceiling of medication', () => {
  const byInputs = (inputs: Inputs): Prediction[] => predictions(({ medication }) => medication, medications, inputs);

  it.each(['codes', 'text+codes'] as const)('is calibrated given %s of past visits and the diagnoses', (inputs) => expectCalibrated(byInputs(inputs)));

  it('learns facts of the patient from past text', () => {
    expect(totalLoss(byInputs('text+codes'))).toBeLessThan(totalLoss(byInputs('codes')));
  });
});

describe('calendar', () => {
  it('has the share of ICD-10 visits and of readmissions that it states', () => {
    const visits = Array.from({ length: 4000 }, (_, index) => drawPatient(world, index, createRng(8, 'calendar'))).flatMap((patient) => patient.visits);
    const alive = visits.filter(({ died }) => !died);
    expect(Math.abs(visits.filter(({ icd10 }) => icd10).length / visits.length - icd10Share(world))).toBeLessThan(0.025);
    expect(Math.abs(alive.filter((visit) => visit.readmitted).length / alive.length - readmissionRate(world))).toBeLessThan(0.02);
  });
});

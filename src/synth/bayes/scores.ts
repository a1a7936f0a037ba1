/** The Bayes-optimal scores of a patient's visits for the three tasks. */
import type { SampledPatient, SampledVisit } from '../sample/patient.js';
import type { World } from '../world/types.js';
import { diseaseModel, diseasePosterior, type DiseaseModel, type DiseasePosterior } from './diseases.js';
import { prescribedGroups, textEvents, type Evidence } from './evidence.js';
import { factPosterior, statedValue } from './facts.js';
import { initialBelief, medicationModel, medicationPosterior, updateBelief, type MedicationModel, type PastInputs } from './medication.js';

export type Inputs = 'text' | 'codes' | 'text+codes';

export interface Score {
  inputs: Inputs;
  /** Absent for readmission. */
  system?: string;
  code?: string;
  probability: number;
}

export interface VisitScores {
  icdCoding: Score[];
  /** Empty for a visit that ends in death: it has no label. */
  readmission: Score[];
  medication: Score[];
}

/** A world with what its posteriors need, computed once. */
export interface Scorer {
  world: World;
  diseases: DiseaseModel;
  medication: MedicationModel;
  codes: Record<IcdVersion, CodeStates[]>;
  /** P(a visit is coded in ICD-10): 0 where the format knows only ICD-9. */
  icd10Share: number;
}

/** Smaller probabilities are not written. */
export const SMALLEST_PROBABILITY = 1e-4;

const PAST_INPUTS: readonly PastInputs[] = ['codes', 'text+codes'];

type IcdVersion = 'icd9' | 'icd10';

/** A code with the (disease, state) pairs that are coded by it: where a system ignores a detail there are several. */
interface CodeStates {
  code: string;
  states: (readonly [disease: number, state: number])[];
}

function codeStates({ diseases }: World, version: IcdVersion): CodeStates[] {
  const byCode = new Map<string, CodeStates>();
  diseases.forEach(({ variants }, disease) => variants.forEach((variant, v) => {
    const code = variant[version][0];
    const entry = byCode.get(code) ?? { code, states: [] };
    entry.states.push([disease, v + 1]);
    byCode.set(code, entry);
  }));
  return [...byCode.values()];
}

export const createScorer = (world: World, icd10Share: number): Scorer =>
  ({ world, diseases: diseaseModel(world), medication: medicationModel(world), codes: { icd9: codeStates(world, 'icd9'), icd10: codeStates(world, 'icd10') }, icd10Share });

/** The text shows which version is in use (its first sentence); the drugs do not. */
function versionWeights({ icd10Share }: Scorer, inputs: Inputs, icd10: boolean): [version: IcdVersion, weight: number][] {
  if (inputs === 'codes') return [['icd9', 1 - icd10Share], ['icd10', icd10Share]];
  return [[icd10 ? 'icd10' : 'icd9', 1]];
}

function icdCodingScores(scorer: Scorer, posterior: DiseasePosterior, { inputs, icd10 }: { inputs: Inputs; icd10: boolean }): Score[] {
  const scores: Score[] = [];
  for (const [version, weight] of versionWeights(scorer, inputs, icd10)) {
    for (const { code, states } of scorer.codes[version]) {
      const probability = weight * states.reduce((sum, [disease, state]) => sum + posterior.states[disease]![state]!, 0);
      if (probability >= SMALLEST_PROBABILITY) scores.push({ inputs, system: `${version}cm`, code, probability });
    }
  }
  return scores;
}

/** P(readmitted) from P(any of the rule's diseases coded) and P(its fact), independent given the evidence. */
function readmissionProbability({ readmission }: World, coded: number, fact: number): number {
  const { risk } = readmission;
  return (1 - coded) * ((1 - fact) * risk[0][0] + fact * risk[0][1]) + coded * ((1 - fact) * risk[1][0] + fact * risk[1][1]);
}

function readmissionScores({ world }: Scorer, visit: SampledVisit, fromText: DiseasePosterior): Score[] {
  if (visit.died) return [];
  const fact = world.facts[world.readmission.fact]!;
  const coded = world.readmission.diseases.some((disease) => visit.states[disease]! > 0) ? 1 : 0;
  const stated = factPosterior(fact, statedValue(visit.statements, world.readmission.fact));
  return [
    { inputs: 'text', probability: readmissionProbability(world, fromText.anyFrailty, stated) },
    { inputs: 'codes', probability: readmissionProbability(world, coded, fact.rate) },
    { inputs: 'text+codes', probability: readmissionProbability(world, coded, stated) },
  ];
}

function scoreVisit(scorer: Scorer, visit: SampledVisit): Omit<VisitScores, 'medication'> {
  const { world, diseases } = scorer;
  const text = textEvents(world, visit);
  const prescribed = prescribedGroups(visit);
  const evidence: Record<Inputs, Evidence> = { text: { text }, codes: { prescribed }, 'text+codes': { text, prescribed } };
  const posteriors = Object.entries(evidence).map(([inputs, seen]) => [inputs as Inputs, diseasePosterior(diseases, seen)] as const);
  return {
    icdCoding: posteriors.flatMap(([inputs, posterior]) => icdCodingScores(scorer, posterior, { inputs, icd10: visit.icd10 && scorer.icd10Share > 0 })),
    readmission: readmissionScores(scorer, visit, posteriors[0]![1]),
  };
}

function medicationScores({ world, medication: model }: Scorer, { visits }: SampledPatient): Score[][] {
  const beliefs = PAST_INPUTS.map(() => initialBelief(world, model));
  return visits.map((visit) => PAST_INPUTS.flatMap((inputs, at) => {
    const belief = beliefs[at]!;
    beliefs[at] = updateBelief(world, model, { belief, visit, inputs });
    return [...medicationPosterior(world, model, { belief, states: visit.states })]
      .map(([code, probability]) => ({ inputs, system: 'atc', code, probability }))
      .filter(({ probability }) => probability >= SMALLEST_PROBABILITY);
  }));
}

/** The scores of every visit of a patient, in the order of the visits. */
export function scorePatient(scorer: Scorer, patient: SampledPatient): VisitScores[] {
  const medication = medicationScores(scorer, patient);
  return patient.visits.map((visit, at) => ({ ...scoreVisit(scorer, visit), medication: medication[at]! }));
}

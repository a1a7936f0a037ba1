/** P(each medication code | current diagnoses, past visits), exact: facts of the patient are learnt from the past. */
import { prescriptionProbability, type ClinicalVisit } from '../sample/visit.js';
import type { World } from '../world/types.js';
import { choiceOf, choiceProbability, drugFacts, factPrior, jointFacts, statementsLikelihood, type FactValues } from './facts.js';

/** What of the past visits may be looked at; the current visit's text and drugs never are. */
export type PastInputs = 'codes' | 'text+codes';

/** Lengths of ATC codes at levels 3, 4 and 5. */
const ATC_LENGTHS = [4, 5, 7] as const;

/** How likely each group, once given, gives a drug under an ATC code: one share for each joint value of the facts. */
interface CodeShares {
  code: string;
  groups: { group: number; shares: Float64Array }[];
}

export interface MedicationModel {
  /** Joint values of the facts of the patient (P of them) and of the visit (V of them) that drugs depend on. */
  patientFacts: FactValues[];
  visitFacts: FactValues[];
  visitPrior: Float64Array;
  /** The share for (patient facts p, visit facts v) is at p * V + v. */
  codes: CodeShares[];
}

/** P(patient facts p | past), P entries. */
export type PatientBelief = Float64Array;

const lookup = (...maps: FactValues[]) => (fact: number): boolean => maps.some((map) => map.get(fact) === true);

export function medicationModel(world: World): MedicationModel {
  const patientFacts = jointFacts(drugFacts(world, 'patient'));
  const visitFacts = jointFacts(drugFacts(world, 'visit'));
  const joint = patientFacts.flatMap((patient) => visitFacts.map((visit) => lookup(patient, visit)));
  const byCode = new Map<string, Map<number, Float64Array>>();
  world.drugGroups.forEach((group, index) => joint.forEach((isTrue, at) => {
    for (const [{ atc }, weight] of choiceOf(group, isTrue)) for (const length of ATC_LENGTHS) {
      const groups = byCode.get(atc.slice(0, length)) ?? new Map<number, Float64Array>();
      byCode.set(atc.slice(0, length), groups);
      const shares = groups.get(index) ?? new Float64Array(joint.length);
      groups.set(index, shares);
      shares[at]! += weight;
    }
  }));
  const codes = [...byCode].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, groups]) => ({ code, groups: [...groups].map(([group, shares]) => ({ group, shares })) }));
  return { patientFacts, visitFacts, visitPrior: Float64Array.from(visitFacts, (values) => factPrior(world, values)), codes };
}

/** What is believed of a patient with no past. */
export const initialBelief = (world: World, { patientFacts }: MedicationModel): PatientBelief =>
  Float64Array.from(patientFacts, (values) => factPrior(world, values));

/** Learns from a visit that has become past: from the drugs that were chosen and, where allowed, from what its text stated. */
export function updateBelief(world: World, model: MedicationModel, { belief, visit, inputs }: { belief: PatientBelief; visit: ClinicalVisit; inputs: PastInputs }): PatientBelief {
  const seesText = inputs === 'text+codes';
  const visitWeights = model.visitFacts.map((values, v) => model.visitPrior[v]! * (seesText ? statementsLikelihood(world, values, visit.statements) : 1));
  const updated = belief.map((weight, p) => {
    const patient = model.patientFacts[p]!;
    const given = model.visitFacts.reduce((sum, values, v) => {
      const isTrue = lookup(patient, values);
      return sum + visit.drugs.reduce((product, drug, group) => (drug ? product * choiceProbability(world.drugGroups[group]!, drug, isTrue) : product), visitWeights[v]!);
    }, 0);
    return weight * given * (seesText ? statementsLikelihood(world, patient, visit.statements) : 1);
  });
  const total = updated.reduce((a, b) => a + b, 0);
  return updated.map((weight) => weight / total);
}

/** E[∏ (1 − given · share)] over the joint facts: P(no drug under the code). */
function noneProbability({ groups }: CodeShares, given: readonly number[], weights: readonly number[]): number {
  if (groups.length === 1) {
    const { group, shares } = groups[0]!;
    return 1 - given[group]! * weights.reduce((sum, weight, at) => sum + weight * shares[at]!, 0);
  }
  return weights.reduce((sum, weight, at) => sum + groups.reduce((product, { group, shares }) => product * (1 - given[group]! * shares[at]!), weight), 0);
}

/** P(at least one drug under each ATC code of levels 3, 4 and 5 | diagnoses of the visit, belief). */
export function medicationPosterior(world: World, model: MedicationModel, { belief, states }: { belief: PatientBelief; states: Uint8Array }): Map<string, number> {
  const given = world.drugGroups.map((group) => prescriptionProbability(group, (disease) => states[disease]! > 0));
  const weights = [...belief].flatMap((weight) => [...model.visitPrior].map((prior) => weight * prior));
  return new Map(model.codes.map((code) => [code.code, 1 - noneProbability(code, given, weights)]));
}

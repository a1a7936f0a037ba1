/** Draws one visit from a world: what the patient has, what the note says of it, what is prescribed. */
import type { Rng } from '../../core/rng.js';
import type { Disease, Drug, DrugGroup, World } from '../world/types.js';

/** State of a disease at a visit: 0 not active, v + 1 active as variant v. */
export type DiseaseState = number;

export const NOT_ACTIVE = 0;

/** What is drawn once for a patient. */
export interface PatientTraits {
  profile: number;
  /** State of each chronic disease, 0 for the others. */
  chronic: Uint8Array;
  /** Value of each fact of scope `patient`, false for the others. */
  facts: boolean[];
}

/** One thing that the note says of a disease of the patient. */
export interface Mention {
  disease: number;
  kind: 'affirmed' | 'denied';
  surface: string;
  /** The surface is the name that several diseases share. */
  shared: boolean;
  /** The variant's detail is written too. */
  detail?: { variant: number; phrase: string };
}

export interface FactStatement {
  fact: number;
  value: boolean;
  sentence: string;
}

export interface ClinicalVisit {
  /** State of each disease. */
  states: Uint8Array;
  facts: boolean[];
  mentions: Mention[];
  statements: FactStatement[];
  /** Names of diseases that relatives have; independent of the patient's own. */
  family: string[];
  /** One entry a drug group: what was given, or null. */
  drugs: (Drug | null)[];
  /** Indices of procedures. */
  procedures: number[];
}

const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.integer(items.length)]!;

const drawVariant = (rng: Rng, disease: Disease): DiseaseState => 1 + rng.categorical(disease.variants.map(({ share }) => share));

export function drawTraits(world: World, rng: Rng): PatientTraits {
  const profile = rng.categorical(world.profiles.map(({ share }) => share));
  const chronic = Uint8Array.from(world.diseases, (disease) =>
    disease.chronic && rng.bernoulli(disease.rates[profile]! / world.persistence) ? drawVariant(rng, disease) : NOT_ACTIVE);
  return { profile, chronic, facts: world.facts.map((fact) => fact.scope === 'patient' && rng.bernoulli(fact.rate)) };
}

function drawStates(world: World, traits: PatientTraits, rng: Rng): Uint8Array {
  return Uint8Array.from(world.diseases, (disease, index) => {
    if (disease.chronic) return traits.chronic[index]! > 0 && rng.bernoulli(world.persistence) ? traits.chronic[index]! : NOT_ACTIVE;
    return rng.bernoulli(disease.rates[traits.profile]!) ? drawVariant(rng, disease) : NOT_ACTIVE;
  });
}

function drawMention(world: World, disease: number, state: DiseaseState, rng: Rng): Mention | null {
  const { mentionRate, surfaces, sharedSurface, variants } = world.diseases[disease]!;
  if (state === NOT_ACTIVE) {
    return rng.bernoulli(world.denialRate) ? { disease, kind: 'denied', surface: pick(rng, surfaces), shared: false } : null;
  }
  if (!rng.bernoulli(mentionRate)) return null;
  if (sharedSurface !== undefined && rng.bernoulli(world.sharedSurfaceRate)) return { disease, kind: 'affirmed', surface: sharedSurface, shared: true };
  const { details } = variants[state - 1]!;
  const detail = details.length > 0 && rng.bernoulli(world.detailRate) ? { variant: state - 1, phrase: pick(rng, details) } : undefined;
  return { disease, kind: 'affirmed', surface: pick(rng, surfaces), shared: false, detail };
}

function drawStatement(world: World, fact: number, value: boolean, rng: Rng): FactStatement | null {
  const { statedIfTrue, statedIfFalse, sentencesIfTrue, sentencesIfFalse } = world.facts[fact]!;
  if (!rng.bernoulli(value ? statedIfTrue : statedIfFalse)) return null;
  return { fact, value, sentence: pick(rng, value ? sentencesIfTrue : sentencesIfFalse) };
}

/** P(the group is prescribed | states), a noisy or of its causes. */
export function prescriptionProbability(group: DrugGroup, isActive: (disease: number) => boolean): number {
  let none = 1 - group.leak;
  for (const [disease, strength] of group.causes) if (isActive(disease)) none *= 1 - strength;
  return 1 - none;
}

function drawDrug(group: DrugGroup, states: Uint8Array, facts: readonly boolean[], rng: Rng): Drug | null {
  if (!rng.bernoulli(prescriptionProbability(group, (disease) => states[disease]! > 0))) return null;
  const choice = group.unless && facts[group.unless.fact] ? group.unless.instead : group.usual;
  return choice[rng.categorical(choice.map(([, weight]) => weight))]![0];
}

/** Draws everything of a visit that the labels and the inputs depend on. */
export function drawVisit(world: World, traits: PatientTraits, rng: Rng): ClinicalVisit {
  const states = drawStates(world, traits, rng.split('states'));
  const factRng = rng.split('facts');
  const facts = world.facts.map((fact, index) => (fact.scope === 'patient' ? traits.facts[index]! : factRng.bernoulli(fact.rate)));
  const text = rng.split('text');
  const drugRng = rng.split('drugs');
  const procedureRng = rng.split('procedures');
  return {
    states,
    facts,
    mentions: text.shuffle(world.diseases.flatMap((_, disease) => drawMention(world, disease, states[disease]!, text) ?? [])),
    statements: text.shuffle(facts.flatMap((value, fact) => drawStatement(world, fact, value, text) ?? [])),
    family: world.diseases.flatMap(({ surfaces }) => (text.bernoulli(world.familyRate) ? [pick(text, surfaces)] : [])),
    drugs: world.drugGroups.map((group) => drawDrug(group, states, facts, drugRng)),
    procedures: world.procedures.flatMap(({ disease, rate }, index) => (states[disease]! > 0 && procedureRng.bernoulli(rate) ? [index] : [])),
  };
}

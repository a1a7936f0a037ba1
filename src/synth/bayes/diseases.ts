/** The exact posterior of every disease given a note, the prescriptions, or both, by enumeration within components. */
import type { World } from '../world/types.js';
import { components, isActive, type Component } from './component.js';
import type { Evidence } from './evidence.js';
import { componentLikelihood, variantWeights } from './likelihood.js';

export interface DiseasePosterior {
  /** P(profile | evidence). */
  profile: number[];
  /** `states[disease][state]` = P(state | evidence); each row sums to 1. */
  states: number[][];
  /** P(at least one of the readmission rule's diseases is active | evidence). */
  anyFrailty: number;
}

/** What one component contributes, for each profile. */
interface ComponentPosterior {
  /** P(evidence | profile). */
  evidence: number[];
  /** P(no disease of the readmission rule active, evidence | profile). */
  noneFrail: number[];
  /** `active[z * D + d]` = P(disease d of the component's D active, evidence | profile z). */
  active: number[];
}

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

function weighComponent(world: World, component: Component, evidence: Evidence): ComponentPosterior {
  const { diseases, jointStates, prior } = component;
  const width = diseases.length;
  const likelihood = componentLikelihood(world, component, evidence);
  const frail = diseases.reduce((bits, disease, d) => (world.readmission.diseases.includes(disease) ? bits | (1 << d) : bits), 0);
  const profiles = world.profiles.length;
  const result: ComponentPosterior = { evidence: zeros(profiles), noneFrail: zeros(profiles), active: zeros(profiles * width) };
  for (let j = 0; j < jointStates; j++) {
    if (likelihood[j] === 0) continue;
    for (let z = 0; z < profiles; z++) {
      const weight = prior[z * jointStates + j]! * likelihood[j]!;
      result.evidence[z]! += weight;
      if ((j & frail) === 0) result.noneFrail[z]! += weight;
      for (let d = 0; d < width; d++) if (isActive(j, d)) result.active[z * width + d]! += weight;
    }
  }
  return result;
}

/** A component with what it contributes when nothing is seen of it, which is so for most components of most visits. */
interface Part {
  component: Component;
  /** By the evidence's kind, see {@link kindOf}. */
  nothingSeen: readonly ComponentPosterior[];
}

/** A world with what its posteriors need, computed once. */
export interface DiseaseModel {
  world: World;
  parts: readonly Part[];
}

/** 0: neither text nor drugs are looked at, 1: text, 2: drugs, 3: both. */
const kindOf = ({ text, prescribed }: Evidence): number => (text ? 1 : 0) + (prescribed ? 2 : 0);

const nothing = (world: World): Evidence[] => {
  const text = { own: [], shared: new Map<string, number>(), statements: [] };
  const prescribed = world.drugGroups.map(() => false);
  return [{}, { text }, { prescribed }, { text, prescribed }];
};

/** @throws configuration error when the world is too entangled to enumerate. */
export function diseaseModel(world: World): DiseaseModel {
  const silence = nothing(world);
  return { world, parts: components(world).map((component) => ({ component, nothingSeen: silence.map((evidence) => weighComponent(world, component, evidence)) })) };
}

function contribution(world: World, { component, nothingSeen }: Part, evidence: Evidence): ComponentPosterior {
  const { text, prescribed } = evidence;
  const isSeen = component.groups.some((group) => prescribed?.[group])
    || (text !== undefined && (component.diseases.some((disease) => text.own[disease]) || component.sharedNames.some(({ name }) => text.shared.has(name))));
  return isSeen ? weighComponent(world, component, evidence) : nothingSeen[kindOf(evidence)]!;
}

/** P(profile | evidence), from the evidence of each component; in logarithms, for hundreds of factors underflow. */
function profilePosterior(world: World, weighed: readonly ComponentPosterior[]): number[] {
  const logs = world.profiles.map(({ share }, z) => weighed.reduce((sum, { evidence }) => sum + Math.log(evidence[z]!), Math.log(share)));
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** P(disease d of a component of `width` diseases active | evidence). */
const activeProbability = ({ active, evidence }: ComponentPosterior, profile: readonly number[], { d, width }: { d: number; width: number }): number =>
  profile.reduce((sum, share, z) => (share === 0 ? sum : sum + (share * active[z * width + d]!) / evidence[z]!), 0);

/** Splits P(active) among the variants by what the text says of them. */
function statesOf(active: number, weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  return [1 - active, ...weights.map((weight) => (total > 0 ? (active * weight) / total : 0))];
}

/** Exact posterior of the diseases of one visit, from that visit's evidence alone. */
export function diseasePosterior({ world, parts }: DiseaseModel, evidence: Evidence): DiseasePosterior {
  const weighed = parts.map((part) => contribution(world, part, evidence));
  const profile = profilePosterior(world, weighed);
  const states = new Array<number[]>(world.diseases.length);
  parts.forEach(({ component: { diseases } }, c) => diseases.forEach((index, d) => {
    const disease = world.diseases[index]!;
    const active = activeProbability(weighed[c]!, profile, { d, width: diseases.length });
    const weights = evidence.text ? variantWeights(world, disease, evidence.text.own[index]) : disease.variants.map(({ share }) => share);
    states[index] = statesOf(active, weights);
  }));
  const noneFrail = profile.reduce((sum, share, z) =>
    sum + (share === 0 ? 0 : share * weighed.reduce((product, part) => product * (part.noneFrail[z]! / part.evidence[z]!), 1)), 0);
  return { profile, states, anyFrailty: 1 - noneFrail };
}

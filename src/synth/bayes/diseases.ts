/** The exact posterior of every disease given a note, the prescriptions, or both, by enumeration within components. */
import type { World } from '../world/types.js';
import { isActive, type Component } from './component.js';
import type { Evidence } from './evidence.js';
import { componentLikelihood, variantWeights } from './likelihood.js';

export interface DiseasePosterior {
  /** P(profile | evidence). */
  profile: Float64Array;
  /** `states[disease][state]` = P(state | evidence); each row sums to 1. */
  states: Float64Array[];
  /** P(at least one of the readmission rule's diseases is active | evidence). */
  anyFrailty: number;
}

/** What one component contributes, for each profile. */
interface ComponentPosterior {
  /** P(evidence | profile). */
  evidence: Float64Array;
  /** P(no disease of the readmission rule active, evidence | profile). */
  noneFrail: Float64Array;
  /** `active[z * D + d]` = P(disease d of the component's D active, evidence | profile z). */
  active: Float64Array;
}

function weighComponent(world: World, component: Component, evidence: Evidence): ComponentPosterior {
  const { diseases, jointStates, prior } = component;
  const width = diseases.length;
  const likelihood = componentLikelihood(world, component, evidence);
  const frail = diseases.reduce((bits, disease, d) => (world.readmission.diseases.includes(disease) ? bits | (1 << d) : bits), 0);
  const profiles = world.profiles.length;
  const result: ComponentPosterior = { evidence: new Float64Array(profiles), noneFrail: new Float64Array(profiles), active: new Float64Array(profiles * width) };
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

/** P(profile | evidence), from the evidence of each component; in logarithms, for hundreds of factors underflow. */
function profilePosterior(world: World, weighed: readonly ComponentPosterior[]): Float64Array {
  const logs = world.profiles.map(({ share }, z) => weighed.reduce((sum, { evidence }) => sum + Math.log(evidence[z]!), Math.log(share)));
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const total = weights.reduce((a, b) => a + b, 0);
  return Float64Array.from(weights, (weight) => weight / total);
}

/** P(disease d of a component of `width` diseases active | evidence). */
const activeProbability = ({ active, evidence }: ComponentPosterior, profile: Float64Array, { d, width }: { d: number; width: number }): number =>
  profile.reduce((sum, share, z) => (share === 0 ? sum : sum + (share * active[z * width + d]!) / evidence[z]!), 0);

/** Splits P(active) among the variants by what the text says of them. */
function statesOf(active: number, weights: readonly number[]): Float64Array {
  const total = weights.reduce((a, b) => a + b, 0);
  return Float64Array.from([1 - active, ...weights.map((weight) => (total > 0 ? (active * weight) / total : 0))]);
}

/**
 * Exact posterior of the diseases of one visit, from that visit's evidence alone.
 * @param parts `components(world)`, computed once.
 */
export function diseasePosterior(world: World, parts: readonly Component[], evidence: Evidence): DiseasePosterior {
  const weighed = parts.map((component) => weighComponent(world, component, evidence));
  const profile = profilePosterior(world, weighed);
  const states = new Array<Float64Array>(world.diseases.length);
  parts.forEach(({ diseases }, c) => diseases.forEach((index, d) => {
    const disease = world.diseases[index]!;
    const active = activeProbability(weighed[c]!, profile, { d, width: diseases.length });
    const weights = evidence.text ? variantWeights(world, disease, evidence.text.own[index]) : disease.variants.map(({ share }) => share);
    states[index] = statesOf(active, weights);
  }));
  const noneFrail = profile.reduce((sum, share, z) =>
    sum + (share === 0 ? 0 : share * weighed.reduce((product, part) => product * (part.noneFrail[z]! / part.evidence[z]!), 1)), 0);
  return { profile, states, anyFrailty: 1 - noneFrail };
}

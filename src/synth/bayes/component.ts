/** Diseases that share a drug group or a name form a component; given the profile, components are independent. */
import { configurationError } from '../../core/errors.js';
import { prescriptionProbability } from '../sample/visit.js';
import type { Disease, World } from '../world/types.js';

/**
 * Which of a component's diseases are active is enumerated: J = 2^diseases joint states, disease d being active in joint state j
 * when bit d of j is set. Variants need no enumeration: neither drugs nor shared names depend on them.
 */
export interface Component {
  /** Indices of its diseases in the world. */
  readonly diseases: readonly number[];
  readonly jointStates: number;
  /** `prior[z * J + j]` = P(joint state j | profile z). */
  readonly prior: Float64Array;
  /** Its drug groups and `prescribed[g * J + j]` = P(group g given | joint state j). */
  readonly groups: readonly number[];
  readonly prescribed: Float64Array;
  /** Shared names and the positions (in `diseases`) of those that use them. */
  readonly sharedNames: readonly { name: string; members: readonly number[] }[];
}

const LARGEST_COMPONENT = 14;

/** Whether disease d is active in joint state j. */
export const isActive = (j: number, d: number): boolean => ((j >> d) & 1) === 1;

/** The names that several diseases share, with the positions of those diseases in the list. */
function sharedNames(diseases: readonly Disease[]): { name: string; members: number[] }[] {
  const names = new Set(diseases.flatMap(({ sharedSurface }) => sharedSurface ?? []));
  return [...names].map((name) => ({ name, members: diseases.flatMap(({ sharedSurface }, index) => (sharedSurface === name ? [index] : [])) }));
}

/** Roots of a union–find forest over the diseases. */
function joinDiseases({ diseases, drugGroups }: World): number[] {
  const parent = diseases.map((_, index) => index);
  const find = (index: number): number => (parent[index] === index ? index : (parent[index] = find(parent[index]!)));
  const join = (members: readonly number[]): void => {
    for (const member of members) parent[find(member)] = find(members[0]!);
  };
  for (const { causes } of drugGroups) join(causes.map(([disease]) => disease));
  for (const { members } of sharedNames(diseases)) join(members);
  return parent.map((_, index) => find(index));
}

function jointPrior(world: World, diseases: readonly number[]): Float64Array {
  const jointStates = 2 ** diseases.length;
  return Float64Array.from({ length: world.profiles.length * jointStates }, (_, at) => {
    const profile = Math.floor(at / jointStates);
    return diseases.reduce((product, disease, d) => {
      const rate = world.diseases[disease]!.rates[profile]!;
      return product * (isActive(at % jointStates, d) ? rate : 1 - rate);
    }, 1);
  });
}

function prescriptionTable(world: World, diseases: readonly number[], groups: readonly number[]): Float64Array {
  const jointStates = 2 ** diseases.length;
  return Float64Array.from({ length: groups.length * jointStates }, (_, at) => {
    const group = world.drugGroups[groups[Math.floor(at / jointStates)]!]!;
    return prescriptionProbability(group, (disease) => isActive(at % jointStates, diseases.indexOf(disease)));
  });
}

function toComponent(world: World, diseases: readonly number[]): Component {
  if (diseases.length > LARGEST_COMPONENT) {
    throw configurationError(`synthetic world: ${diseases.length} diseases hang together by drugs and names; the exact posterior allows ${LARGEST_COMPONENT}`);
  }
  const groups = [...world.drugGroups.keys()].filter((group) => diseases.includes(world.drugGroups[group]!.causes[0]?.[0] ?? -1));
  return {
    diseases,
    jointStates: 2 ** diseases.length,
    prior: jointPrior(world, diseases),
    groups,
    prescribed: prescriptionTable(world, diseases, groups),
    sharedNames: sharedNames(diseases.map((disease) => world.diseases[disease]!)),
  };
}

/** The components of a world, each with its tables. @throws configuration error when one is too large to enumerate. */
export function components(world: World): Component[] {
  const roots = joinDiseases(world);
  return [...new Set(roots)].map((root) => toComponent(world, [...roots.keys()].filter((disease) => roots[disease] === root)));
}

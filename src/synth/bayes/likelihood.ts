/** P(what the text says | states of a component's diseases), and the same for what was prescribed. */
import type { Disease, World } from '../world/types.js';
import { isActive, type Component } from './component.js';
import type { Evidence, OwnEvent, TextEvents } from './evidence.js';

/** P(an own-name event, or none | the variant is active). */
function eventGivenVariant(world: World, disease: Disease, { variant, event }: { variant: number; event: OwnEvent | undefined }): number {
  if (event === undefined) return 1 - disease.mentionRate;
  if (event.kind === 'denied') return 0;
  const sharedRate = disease.sharedSurface === undefined ? 0 : world.sharedSurfaceRate;
  const detailRate = disease.variants[variant]!.details.length > 0 ? world.detailRate : 0;
  const detail = event.detail === undefined ? 1 - detailRate : event.detail === variant ? detailRate : 0;
  return disease.mentionRate * (1 - sharedRate) * detail;
}

/** P(variant, own-name event | active), one entry a variant; their sum is P(event | active). */
export const variantWeights = (world: World, disease: Disease, event: OwnEvent | undefined): number[] =>
  disease.variants.map(({ share }, variant) => share * eventGivenVariant(world, disease, { variant, event }));

/** P(own-name event, or none | not active), P(… | active). */
function eventProbabilities(world: World, disease: Disease, event: OwnEvent | undefined): readonly [inactive: number, active: number] {
  const denied = event === undefined ? 1 - world.denialRate : event.kind === 'denied' ? world.denialRate : 0;
  return [denied, variantWeights(world, disease, event).reduce((a, b) => a + b, 0)];
}

/**
 * The coefficient of x^count in ∏ (silent + shared · x) over the diseases that use a name: the probability that exactly `count`
 * of them were mentioned by it, whoever they are.
 */
export function countProbability(factors: Iterable<readonly [silent: number, shared: number]>, count: number): number {
  const coefficients = new Float64Array(count + 1);
  coefficients[0] = 1;
  for (const [silent, shared] of factors) {
    for (let power = count; power >= 0; power--) coefficients[power] = coefficients[power]! * silent + (power > 0 ? coefficients[power - 1]! * shared : 0);
  }
  return coefficients[count]!;
}

/** A shared name as the note shows it: how often, and who may have been meant, with [silent, shared] factors if not active and if active. */
interface NameCount {
  count: number;
  candidates: { d: number; factors: readonly [inactive: readonly [number, number], active: readonly [number, number]] }[];
}

/** Diseases that appear under a name of their own, or are denied, were not meant. */
function nameCounts(world: World, { diseases, sharedNames }: Component, text: TextEvents): NameCount[] {
  return sharedNames.map(({ name, members }) => ({
    count: text.shared.get(name) ?? 0,
    candidates: members.filter((d) => text.own[diseases[d]!] === undefined).map((d) => {
      const disease = world.diseases[diseases[d]!]!;
      const [inactive, active] = eventProbabilities(world, disease, undefined);
      return { d, factors: [[inactive, 0], [active, disease.mentionRate * world.sharedSurfaceRate]] };
    }),
  }));
}

function textLikelihood(world: World, component: Component, text: TextEvents): Float64Array {
  const { diseases, jointStates } = component;
  const names = nameCounts(world, component, text);
  const deferred = new Set(names.flatMap(({ candidates }) => candidates.map(({ d }) => d)));
  const own = diseases.map((disease, d) => (deferred.has(d) ? ([1, 1] as const) : eventProbabilities(world, world.diseases[disease]!, text.own[disease])));
  const likelihood = new Float64Array(jointStates);
  for (let j = 0; j < jointStates; j++) {
    let product = 1;
    for (let d = 0; d < diseases.length; d++) product *= own[d]![isActive(j, d) ? 1 : 0];
    if (product === 0) continue;
    for (const { count, candidates } of names) product *= countProbability(candidates.map(({ d, factors }) => factors[isActive(j, d) ? 1 : 0]), count);
    likelihood[j] = product;
  }
  return likelihood;
}

/** P(evidence on this component | joint state), one entry a joint state. */
export function componentLikelihood(world: World, component: Component, { text, prescribed }: Evidence): Float64Array {
  const { jointStates, groups } = component;
  const likelihood = text ? textLikelihood(world, component, text) : new Float64Array(jointStates).fill(1);
  groups.forEach((group, g) => {
    if (!prescribed) return;
    for (let j = 0; j < jointStates; j++) {
      const p = component.prescribed[g * jointStates + j]!;
      likelihood[j]! *= prescribed[group] ? p : 1 - p;
    }
  });
  return likelihood;
}

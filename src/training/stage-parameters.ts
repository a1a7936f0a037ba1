/** The parameters of a stage of training: what is trained, what is frozen, and what the stage does not touch. */
import { flattenTree, unflattenTree, type Tree } from '../core/tree.js';
import { isFrozen } from '../encoders/text/depth.js';
import { isParameterInit, type ParameterInit } from '../nn/parameters.js';
import type { FlatParameters } from './checkpoint.js';
import { initialValues, layOut } from './flat-parameters.js';

export interface StageParameters {
  trained: Tree<ParameterInit>;
  /** Absent when nothing is frozen. */
  frozen?: FlatParameters;
  /** Absent when there is nothing of the kind. */
  untouched?: FlatParameters;
}

/**
 * @param freeze see {@link isFrozen}
 * @param isUntouched parameters that the stage's loss does not reach: an optimizer's weight decay would wear them away
 */
export function splitFrozen(inits: Tree<ParameterInit>, freeze: number | null, isUntouched: (path: string) => boolean = () => false): StageParameters {
  const entries = flattenTree<ParameterInit>(inits, isParameterInit);
  const fateOf = (path: string): keyof StageParameters => (isFrozen(path, freeze) ? 'frozen' : isUntouched(path) ? 'untouched' : 'trained');
  const select = (fate: keyof StageParameters) => entries.filter(([path]) => fateOf(path) === fate);
  return { trained: unflattenTree(select('trained')), frozen: flatten(select('frozen')), untouched: flatten(select('untouched')) };
}

function flatten(entries: [path: string, init: ParameterInit][]): FlatParameters | undefined {
  if (!entries.length) return undefined;
  const inits = unflattenTree(entries);
  const layout = layOut(inits);
  return { layout, values: initialValues(layout, inits) };
}

/** Some of the parameters, in the same memory; undefined when there are none. */
export function selectParameters({ layout, values }: FlatParameters, isWanted: (path: string) => boolean): FlatParameters | undefined {
  const specs = layout.specs.filter(({ name }) => isWanted(name));
  const view = (flat: Float32Array) => Object.fromEntries(Object.entries(layout.view(flat)).filter(([name]) => isWanted(name)));
  return specs.length ? { layout: { ...layout, specs, view }, values } : undefined;
}

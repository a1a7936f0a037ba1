/**
 * All parameters of a model in one buffer, with a named view of each: the optimizer walks chunks, a distributed run reduces
 * one array, a checkpoint is one write. Parameters that the optimizer treats alike lie together, in whole chunks.
 */
import { sizeOf, type Buffers, type TensorSpec } from '../engine/index.js';
import { isParameterInit, type ParameterInit } from '../nn/parameters.js';
import { flattenTree, type Tree } from '../core/tree.js';

/** Elements a chunk: 1 MiB of float32, the size at which in-place AdamW ran fastest. */
export const CHUNK = 1 << 18;

/** Parameters that the optimizer treats alike. */
export interface ParameterGroup {
  /** Offsets in the buffer, multiples of {@link CHUNK}; the end is exclusive. */
  start: number;
  end: number;
  /** Whether weight decay applies. */
  decay: boolean;
  /** Factor of the learning rate. */
  rate: number;
}

export interface ParameterLayout {
  readonly specs: readonly TensorSpec[];
  /** Elements, padding included. */
  readonly size: number;
  readonly groups: readonly ParameterGroup[];
  /** Named views of a flat buffer of `size` elements. */
  view(flat: Float32Array): Buffers & Record<string, Float32Array>;
}

const wholeChunks = (elements: number): number => Math.ceil(elements / CHUNK) * CHUNK;

/** @param rateOf factor of the learning rate of a parameter, by its path */
export function layOut(inits: Tree<ParameterInit>, rateOf: (path: string) => number = () => 1): ParameterLayout {
  const all = flattenTree(inits, isParameterInit).map(([path, init]) => ({ path, init, rate: rateOf(path) }));
  const kinds = new Map(all.map(({ init: { decay }, rate }) => [`${decay} ${rate}`, { decay, rate }]));
  const offsets = new Map<string, [start: number, end: number]>();
  const groups: ParameterGroup[] = [];
  let at = 0;
  for (const { decay, rate } of kinds.values()) {
    const start = at;
    for (const { path, init } of all.filter((one) => one.init.decay === decay && one.rate === rate)) {
      offsets.set(path, [at, (at += sizeOf(init.shape))]);
    }
    at = wholeChunks(at);
    groups.push({ start, end: at, decay, rate });
  }
  const specs = all.map(({ path, init }): TensorSpec => ({ name: path, shape: init.shape, dtype: 'float32' }));
  return {
    specs,
    size: at,
    groups,
    view: (flat) => Object.fromEntries(specs.map(({ name }) => [name, flat.subarray(...offsets.get(name)!)])),
  };
}

/** A flat buffer with the initial values. */
export function initialValues(layout: ParameterLayout, inits: Tree<ParameterInit>): Float32Array {
  const flat = new Float32Array(layout.size);
  const views = layout.view(flat);
  for (const [path, { fill }] of flattenTree(inits, isParameterInit)) fill(views[path]!);
  return flat;
}

/**
 * All parameters of a model in one buffer, with a named view of each: the optimizer walks chunks, a distributed run reduces
 * one array, a checkpoint is one write. Decayed parameters come first; each group is padded to whole chunks.
 */
import { sizeOf, type Buffers, type TensorSpec } from '../engine/index.js';
import { isParameterInit, type ParameterInit } from '../nn/parameters.js';
import { flattenTree, type Tree } from '../core/tree.js';

/** Elements a chunk: 1 MiB of float32, the size at which in-place AdamW ran fastest. */
export const CHUNK = 1 << 18;

export interface ParameterLayout {
  readonly specs: readonly TensorSpec[];
  /** Elements, padding included. */
  readonly size: number;
  /** Where the group without weight decay begins; a multiple of {@link CHUNK}. */
  readonly decayEnd: number;
  /** Named views of a flat buffer of `size` elements. */
  view(flat: Float32Array): Buffers & Record<string, Float32Array>;
}

const wholeChunks = (elements: number): number => Math.ceil(elements / CHUNK) * CHUNK;

export function layOut(inits: Tree<ParameterInit>): ParameterLayout {
  const all = flattenTree(inits, isParameterInit);
  const groups = [all.filter(([, init]) => init.decay), all.filter(([, init]) => !init.decay)] as const;
  const offsets = new Map<string, [start: number, end: number]>();
  const place = (group: readonly [string, ParameterInit][], start: number): number => {
    let at = start;
    for (const [path, init] of group) {
      const end = at + sizeOf(init.shape);
      offsets.set(path, [at, end]);
      at = end;
    }
    return wholeChunks(at);
  };
  const decayEnd = place(groups[0], 0);
  const size = place(groups[1], decayEnd);
  const specs = all.map(([name, init]): TensorSpec => ({ name, shape: init.shape, dtype: 'float32' }));
  return {
    specs,
    size,
    decayEnd,
    view: (flat) => Object.fromEntries(specs.map(({ name }) => [name, flat.subarray(...offsets.get(name)!)])),
  };
}

/** A flat buffer with the initial values. */
export function initialValues(layout: ParameterLayout, inits: Tree<ParameterInit>): Float32Array {
  const flat = new Float32Array(layout.size);
  const views = layout.view(flat);
  for (const [path, init] of flattenTree(inits, isParameterInit)) views[path]!.set(init.values);
  return flat;
}

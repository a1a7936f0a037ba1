/** One seeded generator (xoshiro128**), split by name, so that each consumer's draws do not depend on the others'. */

export interface Rng {
  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** True with probability `p`. */
  bernoulli(p: number): boolean;
  /** Index drawn in proportion to non-negative weights. */
  categorical(weights: ArrayLike<number>): number;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** `count` distinct items in random order. */
  sample<T>(items: readonly T[], count: number): T[];
  /** An independent generator that depends only on this generator's seed and the names, not on how much was drawn. */
  split(...names: (string | number)[]): Rng;
}

const mix = (hash: number, value: number): number => {
  let h = Math.imul(hash ^ value, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Hashes strings and integers to 32 bits; neighbouring inputs give unrelated outputs. */
export function hash32(...parts: (string | number)[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    if (typeof part === 'number') hash = mix(mix(hash, part | 0), Math.floor(part / 2 ** 32) | 0);
    else for (let i = 0; i < part.length; i++) hash = mix(hash, part.charCodeAt(i) + 0x10000);
    hash = mix(hash, 0x51ed);
  }
  return hash;
}

export function createRng(seed: number | string, ...path: (string | number)[]): Rng {
  const state = Uint32Array.from({ length: 4 }, (_, i) => hash32(seed, ...path, i));
  if (state.every((word) => word === 0)) state[0] = 1;

  const next = (): number => {
    const product = Math.imul(state[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = (state[3]! << 11) | (state[3]! >>> 21);
    return result;
  };

  const rng: Rng = {
    uniform: () => next() / 2 ** 32,
    integer: (bound) => Math.floor((next() / 2 ** 32) * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - rng.uniform())) * Math.cos(2 * Math.PI * rng.uniform()),
    bernoulli: (p) => rng.uniform() < p,
    categorical: (weights) => {
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]!;
      let left = rng.uniform() * total;
      for (let i = 0; i < weights.length; i++) if ((left -= weights[i]!) < 0) return i;
      return weights.length - 1;
    },
    shuffle: (items) => rng.sample(items, items.length),
    sample: (items, count) => {
      const pool = items.slice();
      for (let i = 0; i < count; i++) {
        const j = i + rng.integer(pool.length - i);
        [pool[i], pool[j]] = [pool[j]!, pool[i]!];
      }
      return pool.slice(0, count);
    },
    split: (...names) => createRng(seed, ...path, ...names),
  };
  return rng;
}

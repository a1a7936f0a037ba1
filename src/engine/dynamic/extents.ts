/** At which extents a function is traced, to see how its graph depends on them. */

/** Name of an axis → its extent. */
export type Extents = Readonly<Record<string, number>>;

/** Axes whose extents are not fixed. `below`: extents that the function cannot take, or treats in a way of its own. */
export type Axes = Readonly<Record<string, { below?: number }>>;

/**
 * Four traces: two to solve by, two that must confirm what was found. From small to large, so that functions that proceed in another way
 * beyond some extent do not pass for ones that always do the same; and nothing near 1, which tfjs treats in a way of its own.
 */
const MAGNITUDES = [1009, 211, 53, 11];
const SHARES = [1, 0.4, 0.15, 0.06];

/**
 * Prime numbers, different for each axis and trace, so that a product of extents says which they are.
 * Where an axis is too short for that, its extents repeat.
 */
export function chooseExtents(axes: Axes): Extents[] {
  const taken = new Set<number>();
  const belowOf = (axis: string): number => axes[axis]!.below ?? Infinity;
  const shortestFirst = Object.keys(axes).sort((a, b) => belowOf(a) - belowOf(b));
  const chosen = new Map(shortestFirst.map((axis) => [axis, Number.isFinite(belowOf(axis)) ? primesBelow(belowOf(axis), taken) : MAGNITUDES.map((least) => take(least, 1, taken)!)]));
  return MAGNITUDES.map((_, t) => Object.fromEntries(Object.keys(axes).map((axis) => [axis, chosen.get(axis)!.at(t % chosen.get(axis)!.length)!])));
}

/** At some shares of the limit, as many as there are primes for. */
function primesBelow(limit: number, taken: Set<number>): number[] {
  const primes = SHARES.flatMap((share) => take(Math.ceil((limit - 1) * share), -1, taken) ?? []);
  return primes.length ? primes : [Math.max(1, limit - 1)];
}

/** The first prime from there on that is not taken yet. */
function take(from: number, step: 1 | -1, taken: Set<number>): number | undefined {
  for (let number = from; number > 1; number += step) {
    if (!isPrime(number) || taken.has(number)) continue;
    taken.add(number);
    return number;
  }
  return undefined;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return number > 1;
}

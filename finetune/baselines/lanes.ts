/**
 * Vectors of several labels side by side. The labels of a one-vs-rest model share their features, so eight are fitted in lock-step: each feature
 * is then loaded once for eight labels, which a sparse product spends most of its time on.
 *
 * A laned vector of length n is [n * LANES]: element j of lane k at j * LANES + k.
 */

export const LANES = 8;

/** One number for each lane, [LANES]. */
export type LaneValues = Float64Array;

export const laneValues = (value = 0): LaneValues => new Float64Array(LANES).fill(value);

/** Inner products, lane by lane; with `scale` [n], Σⱼ aⱼ bⱼ scaleⱼ for a laned scale. */
export function dotLanes(a: Float64Array, b: Float64Array, scale?: Float64Array): LaneValues {
  const sums = laneValues();
  if (scale) for (let i = 0; i < a.length; i++) sums[i % LANES]! += a[i]! * b[i]! * scale[i]!;
  else for (let i = 0; i < a.length; i++) sums[i % LANES]! += a[i]! * b[i]!;
  return sums;
}

/** a += factor · b, lane by lane. */
export function addScaledLanes(a: Float64Array, b: Float64Array, factors: LaneValues): void {
  for (let i = 0; i < a.length; i++) a[i]! += factors[i % LANES]! * b[i]!;
}

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

/** Inner products, lane by lane: eight sums in registers. */
export function dotLanes(x: Float64Array, y: Float64Array): LaneValues {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i += LANES) {
    a += x[i]! * y[i]!;
    b += x[i + 1]! * y[i + 1]!;
    c += x[i + 2]! * y[i + 2]!;
    d += x[i + 3]! * y[i + 3]!;
    e += x[i + 4]! * y[i + 4]!;
    f += x[i + 5]! * y[i + 5]!;
    g += x[i + 6]! * y[i + 6]!;
    h += x[i + 7]! * y[i + 7]!;
  }
  return Float64Array.of(a, b, c, d, e, f, g, h);
}

/** x += factor · y, lane by lane. */
export function addScaledLanes(x: Float64Array, y: Float64Array, factors: LaneValues): void {
  const [a, b, c, d, e, f, g, h] = factors as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < x.length; i += LANES) {
    x[i]! += a * y[i]!;
    x[i + 1]! += b * y[i + 1]!;
    x[i + 2]! += c * y[i + 2]!;
    x[i + 3]! += d * y[i + 3]!;
    x[i + 4]! += e * y[i + 4]!;
    x[i + 5]! += f * y[i + 5]!;
    x[i + 6]! += g * y[i + 6]!;
    x[i + 7]! += h * y[i + 7]!;
  }
}

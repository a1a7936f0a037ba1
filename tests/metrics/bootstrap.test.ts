/** Bootstrap intervals: seeded, as wide as theory says, paired. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { bootstrap, bootstrapDifference, meanStatistic, microF1Statistic } from '../../src/metrics/bootstrap.js';

const V = 997;
const rng = createRng(5);
const values = Float64Array.from({ length: V }, () => rng.normal());

describe('bootstrap', () => {
  it('of a mean is about ±1.96 standard errors wide', () => {
    const { estimate, low, high } = bootstrap(meanStatistic(values), { V, rng: createRng(1), replicates: 2000 });
    expect(estimate).toBeCloseTo(values.reduce((a, b) => a + b, 0) / V, 12);
    expect((high - low) / (2 * 1.96 / Math.sqrt(V))).toBeGreaterThan(0.9);
    expect((high - low) / (2 * 1.96 / Math.sqrt(V))).toBeLessThan(1.1);
  });

  it('gives the same interval for the same seed only', () => {
    const run = (seed: number) => bootstrap(meanStatistic(values), { V, rng: createRng(seed), replicates: 100 });
    expect(run(3)).toEqual(run(3));
    expect(run(3).low).not.toBe(run(4).low);
  });

  it('leaves undefined visits out of a mean', () => {
    expect(meanStatistic([1, NaN, 3])(Int32Array.of(0, 1, 2, 2))).toBeCloseTo(7 / 3, 12);
  });

  it('pools counts for micro-F1', () => {
    const counts = { hits: Int32Array.of(1, 0), predicted: Int32Array.of(2, 1), gold: Int32Array.of(1, 2) };
    expect(microF1Statistic(counts)(Int32Array.of(0, 1))).toBeCloseTo(2 / 6, 12);
    expect(microF1Statistic(counts, Int32Array.of(1, 5))(Int32Array.of(0, 0, 1))).toBeCloseTo(4 / (5 + 7), 12);
  });

  it('sees a small paired difference that the separate intervals hide', () => {
    const better = values.map((value, i) => value + 0.02 + (i % 2 ? 0.01 : -0.01));
    const [a, b] = [meanStatistic(better), meanStatistic(values)];
    const difference = bootstrapDifference(a, b, { V, rng: createRng(2), replicates: 500 });
    expect(difference.low).toBeGreaterThan(0.015);
    expect(difference.pValue).toBe(0);
    expect(bootstrap(a, { V, rng: createRng(2) }).low).toBeLessThan(bootstrap(b, { V, rng: createRng(2) }).high);
    expect(bootstrapDifference(b, b, { V, rng: createRng(2), replicates: 50 }).pValue).toBe(1);
  });
});

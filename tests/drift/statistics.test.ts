import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/drift/statistics/benjamini-hochberg.js';
import { chiSquare, chiSquareTail } from '../../src/drift/statistics/chi-square.js';
import { kolmogorovSmirnov, kolmogorovTail } from '../../src/drift/statistics/kolmogorov-smirnov.js';
import { countBins, jensenShannon, quantileEdges, stabilityIndex } from '../../src/drift/statistics/population-stability.js';

interface Golden {
  chi2_tail: [x: number, df: number, p: number][];
  kolmogorov_tail: [x: number, p: number][];
  ks: { a: number[]; b: number[]; d: number; p: number }[];
  chi_square: { a: number[]; b: number[]; statistic: number; p: number; v: number }[];
  jensen_shannon: { a: number[]; b: number[]; distance: number }[];
  benjamini_hochberg: { p: number[]; adjusted: number[] }[];
}

/** Of scipy; make-statistics.py beside it. */
const golden = JSON.parse(fs.readFileSync(new URL('./fixtures/statistics.json', import.meta.url), 'utf8')) as Golden;

/** Relative, so that the smallest tails count. */
const near = (value: number, expected: number): void => expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-300);

describe('against scipy', () => {
  it('χ² tail', () => golden.chi2_tail.forEach(([x, df, p]) => near(chiSquareTail(x, df), p)));
  it('Kolmogorov’s tail', () => golden.kolmogorov_tail.forEach(([x, p]) => near(kolmogorovTail(x), p)));
  it('Kolmogorov–Smirnov', () => golden.ks.forEach(({ a, b, d, p }) => {
    near(kolmogorovSmirnov(a, b).d, d);
    near(kolmogorovSmirnov(a, b).p, p);
  }));
  it('χ² and Cramér’s V', () => golden.chi_square.forEach(({ a, b, statistic, p, v }) => {
    const result = chiSquare(a, b);
    near(result.statistic, statistic);
    near(result.p, p);
    near(result.v, v);
  }));
  it('Jensen–Shannon', () => golden.jensen_shannon.forEach(({ a, b, distance }) => near(jensenShannon(a, b), distance)));
  it('Benjamini–Hochberg', () => golden.benjamini_hochberg.forEach(({ p, adjusted }) => benjaminiHochberg(p).forEach((value, i) => near(value, adjusted[i]!))));
});

describe('population stability index', () => {
  it('by hand: shares 0.2, 0.8 and 0.6, 0.4 after smoothing', () => {
    const [p, q] = [[1.5 / 5, 3.5 / 5], [3.5 / 6, 2.5 / 6]];
    near(stabilityIndex([1, 3], [3, 2]), (q[0]! - p[0]!) * Math.log(q[0]! / p[0]!) + (q[1]! - p[1]!) * Math.log(q[1]! / p[1]!));
  });

  it('is symmetric, zero for equal counts, finite for empty categories', () => {
    const counts = fc.array(fc.nat(50), { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(counts, counts, (a, b) => {
      near(stabilityIndex(a, b), stabilityIndex(b, a));
      expect(stabilityIndex(a, a)).toBe(0);
      expect(stabilityIndex(a, b)).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(stabilityIndex(a, b))).toBe(true);
    }));
  });
});

describe('bins', () => {
  it('hold equal shares of the reference, missing values apart', () => {
    const values = [7, 1, 5, 3, NaN, 9, 11, 2, 4, 6, 8, 10];
    expect(quantileEdges(values, 4)).toEqual([3, 6, 9]);
    expect(countBins(values, quantileEdges(values, 4))).toEqual([3, 3, 3, 2, 1]);
  });

  it('are fewer where values repeat, one where there is one value', () => {
    expect(quantileEdges([0, 0, 0, 0, 0, 0, 0, 1, 2], 3)).toEqual([0]);
    expect(countBins([5, 5], quantileEdges([5, 5, 5]))).toEqual([2, 0]);
    expect(quantileEdges([NaN])).toEqual([]);
  });

  it('lose no value', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(NaN)));
    fc.assert(fc.property(values, values, (a, b) => {
      expect(countBins(b, quantileEdges(a)).reduce((sum, count) => sum + count, 0)).toBe(b.length);
    }));
  });
});

it('an empty sample differs from nothing', () => {
  expect(kolmogorovSmirnov([], [1])).toEqual({ d: 0, p: 1 });
  expect(chiSquare([0, 0], [1, 2]).p).toBe(1);
});

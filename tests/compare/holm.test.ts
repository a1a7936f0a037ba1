/** Holm's correction, by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/compare/holm.js';

describe('holm', () => {
  it('multiplies by the number of tests left, never falls, and stops at 1', () => {
    const adjusted = holm([0.04, 0.01, 0.03, 0.6]);
    [0.09, 0.04, 0.09, 0.6].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 12));
    expect(holm([0.7, 0.8])).toEqual([1, 1]);
  });

  it('leaves out what was not tested', () => {
    expect(holm([NaN, 0.02, 0.5])).toEqual([NaN, 0.04, 0.5]);
  });

  it('lies between the p-value and Bonferroni\'s', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (p) => {
      holm(p).forEach((adjusted, i) => {
        expect(adjusted).toBeGreaterThanOrEqual(p[i]!);
        expect(adjusted).toBeLessThanOrEqual(Math.min(1, p.length * p[i]!) + 1e-12);
      });
    }));
  });
});

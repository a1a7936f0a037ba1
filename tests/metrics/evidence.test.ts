import { describe, expect, it } from 'vitest';
import { evidenceFigures } from '../../src/metrics/evidence.js';

describe('evidenceFigures', () => {
  it('is what one counts by hand', () => {
    const figures = evidenceFigures([
      // Two of three annotated words, and one other.
      { gold: new Set([1, 2, 3]), predicted: new Set([2, 3, 4]), weights: [0, 0.1, 0.2, 0.3, 0.25, 0.15] },
      // Nothing in common.
      { gold: new Set([0]), predicted: new Set([1, 2]), weights: [0.05, 0.6, 0.35] },
      // Exactly.
      { gold: new Set([5]), predicted: new Set([5]), weights: [0, 0, 0, 0, 0, 1] },
    ]);
    expect(figures.pairs).toBe(3);
    expect(figures.precision).toBeCloseTo(3 / 6, 12);
    expect(figures.recall).toBeCloseTo(3 / 5, 12);
    expect(figures.f1).toBeCloseTo(6 / 11, 12);
    expect(figures.iou).toBeCloseTo((2 / 4 + 0 + 1) / 3, 12);
    expect(figures.hit).toBeCloseTo(2 / 3, 12);
    expect(figures.mass).toBeCloseTo((0.6 + 0.05 + 1) / 3, 12);
  });

  it('counts a code without any span as missed', () => {
    expect(evidenceFigures([{ gold: new Set([1]), predicted: new Set(), weights: [0, 0] }])).toMatchObject({ precision: 0, recall: 0, f1: 0, iou: 0, hit: 0, mass: 0 });
  });
});

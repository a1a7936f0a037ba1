/** Thresholds of single labels, and the dialect that uses them: by hand, and against every possible threshold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mimicIcdCoder } from '../../src/metrics/dialects/mimic-icd-coder.js';
import { tuneLabelThresholds } from '../../src/metrics/label-thresholds.js';

/** One label. */
const column = (scores: readonly number[], labels: readonly number[]) => ({ scores: Float32Array.from(scores), labels: Uint8Array.from(labels), V: scores.length, L: 1 });

describe('thresholds of labels', () => {
  it('maximise F1, found by hand', () => {
    // At 0.5: 3 of 4 gold among 4 predicted, F1 6/8; at 0.25: 4 of 4 among 6, 8/10; at 0.75: 2 of 4 among 2, 4/6.
    expect([...tuneLabelThresholds(column([0.9, 0.75, 0.6, 0.5, 0.4, 0.25, 0.1, 0.05], [1, 1, 0, 1, 0, 1, 0, 0]), { minSupport: 1 })]).toEqual([0.25]);
  });

  it('of equally good ones the lowest', () => {
    // At 0.25: 2 hits among 4 predicted of 2 gold, 4/6; at 0.75: 1 hit among 1, 2/3.
    expect([...tuneLabelThresholds(column([0.75, 0.5, 0.5, 0.25], [1, 0, 0, 1]), { minSupport: 1 })]).toEqual([0.25]);
  });

  it('stay where they are for labels with few positives', () => {
    const rare = column([0.9, 0.8, 0.7, 0.6, 0.1], [1, 1, 1, 1, 0]);
    expect([...tuneLabelThresholds(rare)]).toEqual([0.5]);
    expect(tuneLabelThresholds(rare, { fallback: 0.25 })[0]).toBe(0.25);
    expect(tuneLabelThresholds(rare, { minSupport: 4 })[0]).toBe(Math.fround(0.6));
  });

  it('beat every other threshold, ties in scores included', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 1, maxLength: 17 }), (cells) => {
        fc.pre(cells.some(([, gold]) => gold));
        const matrix = column(cells.map(([score]) => score / 8), cells.map(([, gold]) => Number(gold)));
        const f1At = (threshold: number): number => {
          const [predicted, gold] = [cells.filter(([score]) => score / 8 >= threshold), cells.filter(([, one]) => one)];
          return (2 * predicted.filter(([, one]) => one).length) / (predicted.length + gold.length);
        };
        const best = f1At(tuneLabelThresholds(matrix, { minSupport: 1 })[0]!);
        for (let k = 0; k <= 6; k++) expect(best).toBeGreaterThanOrEqual(f1At(k / 8));
      }),
    ));
});

describe('dialect mimic-icd-coder', () => {
  const matrix = { scores: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.75, 0.125, 0.25, 0.25, 0.25), labels: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0, 0), V: 3, L: 3 };

  it('has its figures, found by hand', () => {
    // Predicted at ≥: visit 1 {0, 2}, visit 2 {0, 1}, visit 3 {}. Gold: visit 1 {0}, visit 2 {0, 1}, visit 3 {}.
    const figures = mimicIcdCoder(matrix, [0.5, 0.5, 0.5]);
    expect(figures.micro_f1).toBeCloseTo(6 / 7, 12);
    // Label 2 is predicted once and never gold: 0.
    expect(figures.macro_f1).toBeCloseTo(2 / 3, 12);
    expect(figures.precision_at_5).toBeCloseTo((1 / 5 + 2 / 5 + 0) / 3, 12);
    expect(figures.macro_auc).toBe(1);
    expect(figures.macro_auprc).toBe(1);
  });

  it('takes each label\'s own threshold', () => {
    const figures = mimicIcdCoder(matrix, [0.5, 0.5, 0.625]);
    expect([figures.micro_f1, figures.macro_f1]).toEqual([1, 2 / 3]);
    expect(() => mimicIcdCoder(matrix, [0.5])).toThrow(/a threshold for each of L = 3 labels, got 1/);
  });
});

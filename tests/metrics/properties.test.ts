/** Each metric equals a naive implementation on random matrices with ties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../src/metrics/average-precision.js';
import { countDecisions, microAverage } from '../../src/metrics/decisions.js';
import { goldInside, type LabelMatrix } from '../../src/metrics/matrix.js';
import { sum } from '../../src/metrics/mean.js';
import { averagePrecisionOfVisits, precisionAt, rankGold, recallAt, rPrecision } from '../../src/metrics/ranking.js';
import { areaUnderRoc } from '../../src/metrics/roc-auc.js';
import { separateAll, separateLabel } from '../../src/metrics/separation.js';
import { searchThreshold } from '../../src/metrics/threshold.js';

const cell = fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), label: fc.boolean(), outside: fc.nat(2) });
const matrices = fc
  .record({ V: fc.integer({ min: 1, max: 7 }), L: fc.integer({ min: 1, max: 11 }), single: fc.boolean() })
  .chain(({ V, L, single }) =>
    fc.array(cell, { minLength: V * L, maxLength: V * L }).map((cells) => {
      const values = cells.map(({ score }) => score);
      const scores = single ? Float32Array.from(values) : Float64Array.from(values);
      const matrix: LabelMatrix = { scores, labels: Uint8Array.from(cells, ({ label }) => Number(label)), V, L };
      return { matrix, goldCounts: goldInside(matrix).map((count, v) => count + cells[v]!.outside) };
    }),
  );

/** Undefined (NaN) on both sides, or equal. */
const expectEqual = (actual: number, expected: number): void =>
  Number.isNaN(expected) ? expect(actual).toBeNaN() : expect(actual).toBeCloseTo(expected, 12);

const indices = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** Gold flags of a visit's labels in order of score, the lower index first among equals. */
function sortedGold({ scores, labels, L }: LabelMatrix, v: number): number[] {
  const order = indices(L).sort((a, b) => scores[v * L + b]! - scores[v * L + a]! || a - b);
  return order.map((l) => labels[v * L + l]!);
}

describe('ranking metrics', () => {
  it('equal what sorting gives', () =>
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 12 }), ({ matrix, goldCounts }, k) => {
        const gold = rankGold(matrix, goldCounts);
        for (const v of indices(matrix.V)) {
          const flags = sortedGold(matrix, v);
          const count = goldCounts[v]!;
          const hits = (depth: number): number => sum(flags.slice(0, depth));
          const ap = sum(flags.map((flag, i) => (flag && i < k ? hits(i + 1) / (i + 1) : 0))) / count;
          const expected = count ? [hits(k) / k, hits(k) / count, hits(count) / count, ap] : [NaN, NaN, NaN, NaN];
          const actual = [precisionAt(gold, k), recallAt(gold, k), rPrecision(gold), averagePrecisionOfVisits(gold, k)].map((x) => x[v]!);
          actual.forEach((value, i) => expectEqual(value, expected[i]!));
        }
      }),
    ));
});

describe('curves', () => {
  it('the ROC area is the share of pairs in the right order', () =>
    fc.assert(
      fc.property(matrices, ({ matrix }) => {
        const { positives, negatives } = separateAll(matrix);
        let pairs = 0;
        for (const p of positives) for (const n of negatives) pairs += p > n ? 1 : p === n ? 0.5 : 0;
        expectEqual(areaUnderRoc({ positives, negatives }), pairs / (positives.length * negatives.length));
      }),
    ));

  it('average precision is the sum over distinct thresholds', () =>
    fc.assert(
      fc.property(matrices, ({ matrix }) => {
        const { positives, negatives } = separateLabel(matrix, 0);
        let expected = 0;
        for (const threshold of new Set(positives)) {
          const hits = positives.filter((s) => s >= threshold).length;
          const gain = positives.filter((s) => s === threshold).length / positives.length;
          expected += (gain * hits) / (hits + negatives.filter((s) => s >= threshold).length);
        }
        expectEqual(averagePrecision({ positives, negatives }), positives.length ? expected : NaN);
      }),
    ));
});

describe('threshold search', () => {
  it('finds the lowest of the best thresholds', () =>
    fc.assert(
      fc.property(matrices, fc.integer({ min: 2, max: 101 }), ({ matrix, goldCounts }, count) => {
        const found = searchThreshold(matrix, goldCounts, count);
        const f1 = indices(count).map((t) => {
          const { byLabel } = countDecisions(matrix, { threshold: t / (count - 1) });
          return microAverage(byLabel, sum(goldCounts)).f1;
        });
        expect(found.microF1).toBeCloseTo(Math.max(...f1), 12);
        const best = f1.findIndex((value) => value > Math.max(...f1) - 1e-12);
        expect(found.threshold).toBe(best / (count - 1));
      }),
    ));
});

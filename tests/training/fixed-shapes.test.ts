/** Fixed shapes: every visit in one batch, none larger than it may be, none wider than it must be. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visitsIn, visitsInMemory, type BatchPlan, type VisitColumns } from '../../src/dataset/index.js';
import { inSmallerBatches, largestBatch, withoutPadding, type FixedShapes } from '../../src/training/fixed-shapes.js';

const shapes: FixedShapes = {
  textBuckets: [],
  batchSizes: [1, 3, 7],
  codeWidths: [{ dx: 3, rx: 2, px: 1 }, { dx: 6, rx: 6, px: 1 }],
  tokensAtOnce: 40,
};

const visitsWith = (dx: readonly number[]): VisitColumns =>
  visitsInMemory(dx.map((count) => ({ tokens: new Int32Array(0), codes: { dx: new Array<number>(count).fill(4), rx: [4], px: [] } })), { vocabulary: undefined as never, tokenizer: undefined as never });

const planOf = (rows: readonly number[], tokens = 5): BatchPlan => {
  const padded = new Int32Array(7).fill(-1);
  padded.set(rows);
  return { rows: padded, text: { chunks: 1, width: tokens }, chunking: { window: 8, overlap: 0, maxTokens: 8 }, codeWidths: shapes.codeWidths.at(-1)! };
};

it('takes the smallest batch and the narrowest codes that hold the visits', () => {
  const visits = visitsWith([0, 2, 3, 9]);
  expect(withoutPadding(planOf([0]), visits, shapes)).toMatchObject({ rows: Int32Array.of(0), codeWidths: shapes.codeWidths[0] });
  expect(withoutPadding(planOf([0, 1]), visits, shapes)).toMatchObject({ rows: Int32Array.of(0, 1, -1), codeWidths: shapes.codeWidths[0] });
  // Three codes and [CLS] do not fit into three places; what does not fit at all gets the widest.
  expect(withoutPadding(planOf([0, 2]), visits, shapes).codeWidths).toBe(shapes.codeWidths[1]);
  expect(withoutPadding(planOf([3]), visits, shapes).codeWidths).toBe(shapes.codeWidths[1]);
  expect(withoutPadding(planOf([0, 1, 2, 3]), visits, shapes).rows).toHaveLength(7);
});

it('divides a batch that has too many tokens', () => {
  expect([2, 5, 13, 14, 41].map((tokens) => largestBatch(shapes, tokens))).toEqual([7, 7, 3, 1, 1]);
  fc.assert(fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 60 }), (count, tokens) => {
    const rows = Array.from({ length: count }, (_, row) => row);
    const parts = inSmallerBatches(planOf(rows, tokens), shapes);
    expect(parts.flatMap((part) => [...part.rows].filter((row) => row >= 0))).toEqual(rows);
    for (const part of parts) expect(visitsIn(part)).toBeLessThanOrEqual(largestBatch(shapes, tokens));
  }));
});

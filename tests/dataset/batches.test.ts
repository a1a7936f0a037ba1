import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, chooseBuckets } from '../../src/dataset/batches/buckets.js';
import { fillBatch } from '../../src/dataset/batches/fill.js';
import { chooseShapes, planBatches, visitsIn } from '../../src/dataset/batches/plan.js';
import type { Dataset } from '../../src/dataset/open.js';
import { raggedFrom } from '../../src/dataset/ragged.js';

interface Row {
  tokens?: number[];
  dx?: number[];
  rx?: number[];
  px?: number[];
}

/** The parts of a data set that batches are made from. */
const datasetOf = (rows: Row[]): Dataset =>
  ({
    size: rows.length,
    visitIds: rows.map((_, i) => `v${i}`),
    tokens: raggedFrom(rows.map((row) => row.tokens ?? [])),
    codes: { dx: raggedFrom(rows.map((row) => row.dx ?? [])), rx: raggedFrom(rows.map((row) => row.rx ?? [])), px: raggedFrom(rows.map((row) => row.px ?? [])) },
    tokenizer: { special: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 } },
  }) as unknown as Dataset;

const words = (count: number): number[] => Array.from({ length: count }, (_, i) => 10 + i);
const codeWidths = { dx: 4, rx: 3, px: 2 };

describe('bucket lengths', () => {
  it('minimise padding: no other choice of lengths is better', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 25 });
    const cost = (notes: number[], edges: number[]) => notes.reduce((sum, length) => sum + bucketOf(length, edges), 0);
    fc.assert(
      fc.property(lengths, (notes) => {
        const chosen = chooseBuckets(notes, { maxTokens: 256, count: 2 });
        const multiples = [32, 64, 96, 128, 160, 192, 224, 256].filter((edge) => edge >= Math.min(256, Math.max(...notes)));
        const others = multiples.flatMap((last) => [32, 64, 96, 128, 160, 192, 224].filter((edge) => edge < last).map((edge) => [edge, last]).concat([[last]]));
        expect(chosen.length).toBeLessThanOrEqual(2);
        expect(cost(notes, chosen)).toBe(Math.min(...others.map((edges) => cost(notes, edges))));
      }),
      { seed: 3 },
    );
  });

  it('end at the longest input allowed, even when it is no multiple of 32', () => {
    expect(chooseBuckets([20, 70, 900], { maxTokens: 100, count: 4 })).toEqual([32, 96, 100]);
  });

  it('above the window are multiples of it', () => {
    expect(chooseBuckets([20, 70, 120, 300, 520, 2000], { maxTokens: 1024, count: 9, window: 256 })).toEqual([32, 96, 128, 512, 768, 1024]);
    expect(chooseBuckets([99, 100, 101], { maxTokens: 300, count: 9, window: 100 })).toEqual([100, 200]);
  });

  it('exist for a data set without notes', () => {
    expect(chooseBuckets([], { maxTokens: 512, count: 4 })).toEqual([32]);
  });
});

describe('planning', () => {
  const dataset = datasetOf(Array.from({ length: 23 }, (_, i) => ({ tokens: words((i * 7) % 90), dx: words(i % 5) })));
  const options = { batchSize: 4, lengthBuckets: [32, 64, 92], codeWidths };
  const rows = [...Array(23).keys()].filter((row) => row !== 5);

  it('puts every visit in exactly one batch, of a length that holds it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), fc.boolean(), (seed, epoch, shuffled) => {
        const plans = planBatches(dataset, rows, { ...options, ...(shuffled && { shuffle: { seed, epoch } }) });
        const planned = plans.flatMap((plan) => [...plan.rows].filter((row) => row >= 0));
        expect([...planned].sort((a, b) => a - b)).toEqual(rows);
        for (const plan of plans) for (const row of plan.rows) if (row >= 0) expect(bucketOf(dataset.tokens.lengthOf(row) + 2, options.lengthBuckets)).toBe(plan.tokenLength);
      }),
      { seed: 4, numRuns: 30 },
    );
  });

  it('has few shapes, and padding rows only in the last batch of a bucket', () => {
    const plans = planBatches(dataset, rows, options);
    expect(new Set(plans.map((plan) => plan.tokenLength)).size).toBe(3);
    for (const edge of options.lengthBuckets) {
      const counts = plans.filter((plan) => plan.tokenLength === edge).map(visitsIn);
      expect(counts.slice(0, -1).every((count) => count === 4)).toBe(true);
    }
  });

  it('is the same for equal seeds, and differs between epochs', () => {
    const plan = (epoch: number) => planBatches(dataset, rows, { ...options, shuffle: { seed: 9, epoch } }).map(({ rows: members }) => [...members]);
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('keeps the order of rows without shuffling', () => {
    const plans = planBatches(dataset, rows, { ...options, lengthBuckets: [92] });
    expect(plans.flatMap((plan) => [...plan.rows].filter((row) => row >= 0))).toEqual(rows);
  });

  it('chooses code widths by the widest visit, up to a limit', () => {
    const { codeWidths: widths } = chooseShapes(datasetOf([{ dx: words(7), rx: words(2) }, { dx: words(3) }]), { batchSize: 2, maxTokens: 64, maxCodes: 5 });
    expect(widths).toEqual({ dx: 6, rx: 3, px: 1 });
  });
});

describe('filling a batch', () => {
  const dataset = datasetOf([
    { tokens: [11, 12, 13], dx: [7, 3, 3, 5], rx: [4] },
    { dx: [9, 8, 7, 6, 5] },
    { tokens: words(50) },
  ]);
  const batch = fillBatch(dataset, { rows: Int32Array.of(0, 1, 2, -1), tokenLength: 6, codeWidths });
  const row = (array: ArrayLike<number>, b: number, width: number): number[] => Array.from(array).slice(b * width, (b + 1) * width);

  it('frames the text, cuts it where it is too long, and pads', () => {
    expect(row(batch.ids, 0, 6)).toEqual([2, 11, 12, 13, 3, 0]);
    expect(row(batch.textMask, 0, 6)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(row(batch.ids, 2, 6)).toEqual([2, 10, 11, 12, 13, 3]);
    expect([...batch.hasText]).toEqual([1, 0, 1, 0]);
    for (const b of [1, 3]) {
      expect(row(batch.ids, b, 6)).toEqual([2, 3, 0, 0, 0, 0]);
      expect(row(batch.textMask, b, 6)).toEqual([1, 1, 0, 0, 0, 0]);
    }
  });

  it('makes codes a set behind [CLS], so that [UNK] counts once', () => {
    expect(row(batch.codes.dx.ids, 0, 4)).toEqual([1, 7, 3, 5]);
    expect(row(batch.codes.dx.mask, 0, 4)).toEqual([1, 1, 1, 1]);
    expect(row(batch.codes.dx.ids, 1, 4)).toEqual([1, 9, 8, 7]);
  });

  it('says which modalities are there', () => {
    expect([...batch.codes.dx.present]).toEqual([1, 1, 0, 0]);
    expect([...batch.codes.rx.present]).toEqual([1, 0, 0, 0]);
    expect([...batch.codes.px.present]).toEqual([0, 0, 0, 0]);
    expect(row(batch.codes.rx.mask, 1, 3)).toEqual([1, 0, 0]);
    expect([...batch.rowMask]).toEqual([1, 1, 1, 0]);
  });

  it('does not depend on the neighbours in the batch', () => {
    const alone = fillBatch(dataset, { rows: Int32Array.of(2, -1, -1, -1), tokenLength: 6, codeWidths });
    expect(row(alone.ids, 0, 6)).toEqual(row(batch.ids, 2, 6));
  });
});

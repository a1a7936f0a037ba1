import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, chooseBuckets } from '../../src/dataset/batches/buckets.js';
import { chunksOf, gridOf, type Chunking } from '../../src/dataset/batches/chunks.js';
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

const chunking: Chunking = { window: 256, overlap: 0, maxTokens: 256 };

describe('cutting a note', () => {
  const anyChunking = fc
    .record({ window: fc.integer({ min: 3, max: 60 }), overlap: fc.nat(20), chunks: fc.integer({ min: 1, max: 9 }) })
    .map(({ window, overlap, chunks }) => ({ window, overlap: Math.min(overlap, window - 3), maxTokens: chunks * window }));

  it('covers the tokens in order, with the overlap asked for, in as few chunks as the window allows', () => {
    fc.assert(
      fc.property(fc.nat(700), anyChunking, (tokens, options) => {
        const chunks = chunksOf(tokens, options);
        const content = options.window - 2;
        const room = (count: number): number => content + (count - 1) * (content - options.overlap);
        const most = options.maxTokens / options.window;
        expect(chunks[0]!.start).toBe(0);
        expect(chunks.at(-1)!.end).toBe(Math.min(tokens, room(most)));
        for (const { start, end } of chunks) expect(end - start).toBeLessThanOrEqual(content);
        chunks.slice(1).forEach(({ start, end }, i) => {
          expect(chunks[i]!.end - start).toBe(options.overlap);
          expect(end).toBeGreaterThan(chunks[i]!.end);
        });
        expect(chunks.length).toBeLessThanOrEqual(most);
        if (chunks.length > 1) expect(room(chunks.length - 1)).toBeLessThan(tokens);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('cuts evenly: 20 tokens at 16 a chunk are 10 and 10', () => {
    expect(chunksOf(20, { window: 18, overlap: 0, maxTokens: 180 })).toEqual([{ start: 0, end: 10 }, { start: 10, end: 20 }]);
    expect(chunksOf(20, { window: 18, overlap: 4, maxTokens: 180 })).toEqual([{ start: 0, end: 12 }, { start: 8, end: 20 }]);
  });

  it('reads what maxTokens allows', () => {
    expect(chunksOf(900, { window: 256, overlap: 0, maxTokens: 100 })).toEqual([{ start: 0, end: 98 }]);
    expect(chunksOf(900, { window: 100, overlap: 0, maxTokens: 200 })).toEqual([{ start: 0, end: 98 }, { start: 98, end: 196 }]);
  });
});

describe('bucket shapes', () => {
  it('minimise padding: for notes of one chunk no other choice of widths is better', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 25 });
    const one = (width: number) => ({ chunks: 1, width });
    const cost = (notes: number[], edges: number[]) => notes.reduce((sum, length) => sum + bucketOf(one(length), edges.map(one)).width, 0);
    fc.assert(
      fc.property(lengths, (notes) => {
        const chosen = chooseBuckets(notes.map(one), { window: 256, count: 2 }).map(({ width }) => width);
        const multiples = [32, 64, 96, 128, 160, 192, 224, 256].filter((edge) => edge >= Math.max(...notes));
        const others = multiples.flatMap((last) => [32, 64, 96, 128, 160, 192, 224].filter((edge) => edge < last).map((edge) => [edge, last]).concat([[last]]));
        expect(chosen.length).toBeLessThanOrEqual(2);
        expect(cost(notes, chosen)).toBe(Math.min(...others.map((edges) => cost(notes, edges))));
      }),
      { seed: 3 },
    );
  });

  it('hold every note, of however many chunks', () => {
    const options: Chunking = { window: 50, overlap: 3, maxTokens: 400 };
    fc.assert(
      fc.property(fc.array(fc.nat(600), { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (notes, count) => {
        const grids = notes.map((tokens) => gridOf(tokens, options));
        const buckets = chooseBuckets(grids, { window: 50, count });
        expect(buckets.length).toBeLessThanOrEqual(count);
        for (const grid of grids) {
          const bucket = bucketOf(grid, buckets);
          expect(bucket.chunks).toBeGreaterThanOrEqual(grid.chunks);
          expect(bucket.width).toBeGreaterThanOrEqual(grid.width);
        }
      }),
      { seed: 6 },
    );
  });

  it('are no wider than the window, even when it is no multiple of 32', () => {
    const grids = [20, 70, 900].map((tokens) => gridOf(tokens, { window: 100, overlap: 0, maxTokens: 100 }));
    expect(chooseBuckets(grids, { window: 100, count: 4 })).toEqual([{ chunks: 1, width: 32 }, { chunks: 1, width: 96 }, { chunks: 1, width: 100 }]);
  });

  it('exist for a data set without notes', () => {
    expect(chooseBuckets([], { window: 512, count: 4 })).toEqual([{ chunks: 1, width: 32 }]);
  });
});

describe('planning', () => {
  const dataset = datasetOf(Array.from({ length: 23 }, (_, i) => ({ tokens: words((i * 7) % 90), dx: words(i % 5) })));
  const textBuckets = [32, 64, 92].map((width) => ({ chunks: 1, width }));
  const options = { batchSize: 4, chunking, textBuckets, codeWidths };
  const rows = [...Array(23).keys()].filter((row) => row !== 5);

  it('puts every visit in exactly one batch, of a length that holds it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), fc.boolean(), (seed, epoch, shuffled) => {
        const plans = planBatches(dataset, rows, { ...options, ...(shuffled && { shuffle: { seed, epoch } }) });
        const planned = plans.flatMap((plan) => [...plan.rows].filter((row) => row >= 0));
        expect([...planned].sort((a, b) => a - b)).toEqual(rows);
        for (const plan of plans) for (const row of plan.rows) if (row >= 0) expect(bucketOf({ chunks: 1, width: dataset.tokens.lengthOf(row) + 2 }, textBuckets)).toBe(plan.text);
      }),
      { seed: 4, numRuns: 30 },
    );
  });

  it('has few shapes, and padding rows only in the last batch of a bucket', () => {
    const plans = planBatches(dataset, rows, options);
    expect(new Set(plans.map((plan) => plan.text)).size).toBe(3);
    for (const bucket of textBuckets) {
      const counts = plans.filter((plan) => plan.text === bucket).map(visitsIn);
      expect(counts.slice(0, -1).every((count) => count === 4)).toBe(true);
    }
  });

  it('is the same for equal seeds, and differs between epochs', () => {
    const plan = (epoch: number) => planBatches(dataset, rows, { ...options, shuffle: { seed: 9, epoch } }).map(({ rows: members }) => [...members]);
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('keeps the order of rows without shuffling', () => {
    const plans = planBatches(dataset, rows, { ...options, textBuckets: textBuckets.slice(2) });
    expect(plans.flatMap((plan) => [...plan.rows].filter((row) => row >= 0))).toEqual(rows);
  });

  it('chooses code widths by the widest visit, up to a limit', () => {
    const { codeWidths: widths } = chooseShapes(datasetOf([{ dx: words(7), rx: words(2) }, { dx: words(3) }]), { batchSize: 2, chunking, maxCodes: 5 });
    expect(widths).toEqual({ dx: 6, rx: 3, px: 1 });
  });
});

describe('filling a batch', () => {
  const dataset = datasetOf([
    { tokens: [11, 12, 13], dx: [7, 3, 3, 5], rx: [4] },
    { dx: [9, 8, 7, 6, 5] },
    { tokens: words(50) },
  ]);
  const six: Chunking = { window: 6, overlap: 0, maxTokens: 6 };
  const batch = fillBatch(dataset, { rows: Int32Array.of(0, 1, 2, -1), text: { chunks: 1, width: 6 }, chunking: six, codeWidths });
  const row = (array: ArrayLike<number>, b: number, width: number): number[] => Array.from(array).slice(b * width, (b + 1) * width);

  it('frames the text, cuts it where it is too long, and pads', () => {
    expect(row(batch.text.ids, 0, 6)).toEqual([2, 11, 12, 13, 3, 0]);
    expect(row(batch.text.mask, 0, 6)).toEqual([1, 1, 1, 1, 1, 0]);
    expect(row(batch.text.ids, 2, 6)).toEqual([2, 10, 11, 12, 13, 3]);
    expect([...batch.text.present]).toEqual([1, 0, 1, 0]);
    for (const b of [1, 3]) {
      expect(row(batch.text.ids, b, 6)).toEqual([2, 3, 0, 0, 0, 0]);
      expect(row(batch.text.mask, b, 6)).toEqual([1, 1, 0, 0, 0, 0]);
    }
  });

  it('frames each chunk, and leaves those empty that a note does not need', () => {
    const plan = { rows: Int32Array.of(0, 2), text: { chunks: 3, width: 7 }, chunking: { window: 6, overlap: 1, maxTokens: 18 }, codeWidths };
    const { text } = fillBatch(dataset, plan);
    const empty = [0, 0, 0, 0, 0, 0, 0];
    expect(row(text.ids, 0, 21)).toEqual([2, 11, 12, 13, 3, 0, 0, ...empty, ...empty]);
    expect(row(text.ids, 1, 21)).toEqual([2, 10, 11, 12, 13, 3, 0, 2, 13, 14, 15, 16, 3, 0, 2, 16, 17, 18, 19, 3, 0]);
    expect(row(text.mask, 1, 21)).toEqual([1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0]);
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
    const alone = fillBatch(dataset, { rows: Int32Array.of(2, -1, -1, -1), text: { chunks: 1, width: 6 }, chunking: six, codeWidths });
    expect(row(alone.text.ids, 0, 6)).toEqual(row(batch.text.ids, 2, 6));
  });
});

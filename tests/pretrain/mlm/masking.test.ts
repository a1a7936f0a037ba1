import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mlmSchema, type TokenMasking } from '../../../pretrain/mlm/config.js';
import { logFrequencies, predictedIn } from '../../../pretrain/mlm/corpus.js';
import { maskingTokens, maskTokens, predictedCount, type MaskingTokens } from '../../../pretrain/mlm/masking.js';
import { createRng } from '../../../src/core/rng.js';
import { fillBatch, raggedFrom, type BatchPlan, type Dataset, type TextTokenizer } from '../../../src/dataset/index.js';
import type { ChunkedRows } from '../../../src/encoders/visit-batch.js';

const { masking } = mlmSchema.parse({});
/** Ids 0–4 are special; 7 stands for nothing: tokenizers have gaps. */
const SIZE = 41;
const tokenizer: Pick<TextTokenizer, 'size' | 'special' | 'vocabulary'> = {
  size: SIZE,
  special: { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 },
  vocabulary: new Map(Array.from({ length: SIZE }, (_, id): [string, number] => [`w${id}`, id]).filter(([, id]) => id !== 7)),
};
const tokens: MaskingTokens = maskingTokens(tokenizer);

/** Notes of any ids but padding, [UNK] and [MASK] spelt out among them. */
const datasetOf = (notes: number[][]): Dataset => {
  const empty = raggedFrom(notes.map(() => []));
  return { tokenizer, size: notes.length, tokens: raggedFrom(notes), codes: { dx: empty, rx: empty, px: empty } } as unknown as Dataset;
};

const anyNotes = fc.array(fc.array(fc.integer({ min: 1, max: SIZE - 1 }), { maxLength: 30 }), { minLength: 1, maxLength: 5 });
const anyMasking: fc.Arbitrary<TokenMasking> = fc.record({ rate: fc.double({ min: 0.01, max: 1, noNaN: true }), keep: fc.constantFrom(0, 0.1, 0.5), random: fc.constantFrom(0, 0.1, 0.5) });

const planOf = (rows: number[]): BatchPlan => ({
  rows: Int32Array.from(rows),
  text: { chunks: 3, width: 11 },
  chunking: { window: 11, overlap: 2, maxTokens: 33 },
  codeWidths: { dx: 1, rx: 1, px: 1 },
});

const batchOf = (dataset: Dataset, rows: number[]): ChunkedRows => fillBatch(dataset, planOf(rows)).text;

const mask = (text: ChunkedRows, visits: number[], options: TokenMasking = masking, epoch = 0) =>
  maskTokens(text, { masking: options, tokens, rngOf: (row, chunk) => createRng(1, epoch, visits[row]!, chunk) });

describe('masking of tokens', () => {
  it('predicts the share asked for in each chunk, at least one, of tokens that stand for text only', () => {
    fc.assert(
      fc.property(anyNotes, anyMasking, (notes, options) => {
        const text = batchOf(datasetOf(notes), [...notes.keys()]);
        const { positions, weights } = mask(text, [...notes.keys()], options);
        const predicted = Array.from(positions).filter((_, i) => weights[i]);
        expect(new Set(predicted).size).toBe(predicted.length);
        for (let chunk = 0; chunk < 3 * notes.length; chunk++) {
          const places = Array.from({ length: 11 }, (_, i) => 11 * chunk + i).filter((at) => text.mask[at] && text.ids[at]! > 4 && text.ids[at] !== 7);
          const inChunk = predicted.filter((at) => Math.floor(at / 11) === chunk);
          expect(inChunk).toHaveLength(predictedCount(places.length, options));
          expect(inChunk.filter((at) => !places.includes(at))).toEqual([]);
        }
      }),
    );
  });

  it('remembers what was there, changes nothing else, and puts no special token but [MASK]', () => {
    fc.assert(
      fc.property(anyNotes, anyMasking, (notes, options) => {
        const text = batchOf(datasetOf(notes), [...notes.keys()]);
        const before = text.ids.slice();
        const { ids, positions, targets, weights } = mask(text, [...notes.keys()], options);
        expect(text.ids).toEqual(before);
        const restored = ids.slice();
        weights.forEach((weight, i) => {
          if (!weight) return;
          expect(ids[positions[i]!] === 4 || tokens.isText[ids[positions[i]!]!]).toBeTruthy();
          restored[positions[i]!] = targets[i]!;
        });
        expect(restored).toEqual(before);
      }),
    );
  });

  it('has as many positions as fit any batch of that shape, and says beforehand how many of them count', () => {
    fc.assert(
      fc.property(anyNotes, anyMasking, (notes, options) => {
        const dataset = datasetOf(notes);
        const rows = [...notes.keys(), -1];
        const { positions, weights } = mask(batchOf(dataset, rows), rows, options);
        expect(positions).toHaveLength(3 * rows.length * predictedCount(9, options));
        expect(predictedIn(dataset, planOf(rows), tokens, options)).toBe(weights.reduce((a, b) => a + b, 0));
      }),
    );
  });

  it('depends on the visit, not on its batch, and is drawn anew each epoch', () => {
    const dataset = datasetOf([createRng(1).shuffle(Array.from({ length: 25 }, (_, i) => i + 8)), Array.from({ length: 20 }, (_, i) => i + 9)]);
    const [together, alone] = [mask(batchOf(dataset, [0, 1]), [0, 1]), mask(batchOf(dataset, [1]), [1])];
    expect(together.ids.subarray(33)).toEqual(alone.ids);
    expect(mask(batchOf(dataset, [0, 1]), [0, 1]).ids).toEqual(together.ids);
    const epochs = Array.from({ length: 10 }, (_, epoch) => mask(batchOf(dataset, [0, 1]), [0, 1], masking, epoch).positions.join());
    expect(new Set(epochs).size).toBe(10);
  });

  it('replaces 80 % by [MASK], leaves 10 %, draws 10 % from all tokens that stand for text', () => {
    const notes = Array.from({ length: 800 }, () => new Array<number>(27).fill(20));
    const { ids, positions, weights } = mask(batchOf(datasetOf(notes), [...notes.keys()]), [...notes.keys()], { ...masking, rate: 0.5 });
    const now = Array.from(positions).filter((_, i) => weights[i]).map((at) => ids[at]!);
    const count = (wanted: (id: number) => boolean): number => now.filter(wanted).length;
    // 27 tokens with an overlap of 2: chunks of 11, 11 and 9, of which 5, 5 and 4 (rounded up from 4.5: 5) are predicted.
    const total = now.length;
    expect(total).toBeGreaterThan(10_000);
    const within = (actual: number, share: number): void => expect(Math.abs(actual - share * total)).toBeLessThan(4 * Math.sqrt(total * share * (1 - share)));
    within(count((id) => id === 4), 0.8);
    within(count((id) => id === 20), 0.1 + 0.1 / 35);
    within(count((id) => id !== 4 && id !== 20), (0.1 * 34) / 35);
    expect(new Set(now)).toEqual(new Set([4, ...tokens.text]));
    expect(Array.from(tokens.text)).toEqual(Array.from({ length: 36 }, (_, i) => i + 5).filter((id) => id !== 7));
  });
});

describe('the blind guess', () => {
  it('is the log of the share of each token that is read, one added to each', () => {
    const dataset = datasetOf([[5, 5, 6], [6, 8, ...new Array<number>(40).fill(9)]]);
    // A note of 42 tokens: chunks of 9, of which the second and third begin 2 early, cover 23.
    const chunking = planOf([]).chunking;
    const corpus = { rows: Int32Array.of(0, 1), tokens: 3 + 23, unread: 19 };
    const shares = Array.from(logFrequencies(dataset, corpus, chunking, 11), Math.exp);
    const expected = [1, 1, 1, 1, 1, 3, 3, 1, 2, 22, 1].map((count) => count / 37);
    shares.forEach((share, id) => expect(share).toBeCloseTo(expected[id]!, 6));
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });
});

describe('the configuration', () => {
  it('refuses shares of more than the whole', () => {
    expect(mlmSchema.safeParse({ masking: { keep: 0.6, random: 0.5 } }).error?.issues[0]?.path).toEqual(['masking', 'random']);
    expect(mlmSchema.safeParse({ masking: { rate: 0 } }).success).toBe(false);
  });
});

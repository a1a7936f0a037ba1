import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieceWeights, spansOf, tokensOfPieces, wordWeights } from '../../../finetune/evidence/from-attention.js';
import { noteWords, wordsWithin } from '../../../finetune/evidence/words.js';

const rule = { share: 0.5, gap: 1, most: 9 };
const textOf = (text: string, { start, end }: { start: number; end: number }): string => Array.from(text).slice(start, end).join('');

describe('tokensOfPieces', () => {
  it('finds pieces behind [CLS] of their chunk, twice where chunks overlap', () => {
    // Windows of 5 hold 3 pieces; with one shared, 5 pieces are 0 1 2 | 2 3 4. The batch is wider than the chunks.
    const grid = { pieces: 5, width: 7, chunking: { window: 5, overlap: 1, maxTokens: 10 } };
    expect(tokensOfPieces(grid)).toEqual([[1], [2], [3, 8], [9], [10]]);
    const weights = Float32Array.from({ length: 14 }, (_, token) => token + 1);
    expect(pieceWeights(weights, grid)).toEqual([2, 3, 4 + 9, 10, 11]);
  });

  it('gives nothing to pieces that the model does not read', () => {
    expect(tokensOfPieces({ pieces: 5, width: 5, chunking: { window: 5, overlap: 0, maxTokens: 5 } })).toEqual([[1], [2], [3], [], []]);
  });
});

describe('wordWeights', () => {
  it('adds up the pieces of a word, shares out a piece of several, and drops one of none', () => {
    const { words } = noteWords('fiebre alta, sí');
    // fie bre | "alta," | white space | sí
    const pieces = { starts: Int32Array.of(0, 3, 7, 12, 13), ends: Int32Array.of(3, 6, 12, 13, 15) };
    const weights = wordWeights(words, pieces, [0.1, 0.2, 0.5, 0.15, 0.05]);
    expect([...weights].map((weight) => Number(weight.toFixed(12)))).toEqual([0.3, 0.4, 0.1, 0.05]);
  });

  it('loses nothing when every piece lies in words', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), (weights) => {
      const pieces = { starts: Int32Array.of(0, 2, 3, 5, 6, 8), ends: Int32Array.of(2, 3, 5, 6, 8, 9) };
      const total = [...wordWeights(noteWords('abc de fg').words, pieces, weights)].reduce((sum, weight) => sum + weight, 0);
      expect(total).toBeCloseTo(weights.reduce((sum, weight) => sum + weight, 0), 9);
    }));
  });
});

describe('spansOf', () => {
  const text = 'Dolor de pecho. Sin fiebre\nni tos, disnea 😀 leve';
  const note = noteWords(text);
  const spansFor = (weights: Record<string, number>, changed = {}) =>
    spansOf(note, note.words.map((word) => weights[textOf(text, word)] ?? 0), { ...rule, ...changed }).map((span) => [textOf(text, span), Number(span.weight.toFixed(6))]);

  it('joins words that the heaviest are near, with what lies between', () => {
    expect(spansFor({ Dolor: 0.3, de: 0.05, pecho: 0.4, leve: 0.1 })).toEqual([['Dolor de pecho', 0.75]]);
    expect(spansFor({ Dolor: 0.3, de: 0.05, pecho: 0.4 }, { gap: 0 })).toEqual([['pecho', 0.4], ['Dolor', 0.3]]);
  });

  it('ends at the end of a sentence and of a line', () => {
    expect(spansFor({ pecho: 0.3, Sin: 0.3, fiebre: 0.2, ni: 0.2 }, { gap: 3 })).toEqual([['Sin fiebre', 0.5], ['pecho', 0.3], ['ni', 0.2]]);
  });

  it('never begins or ends with punctuation, however heavy', () => {
    expect(spansFor({ tos: 0.2, ',': 0.7, disnea: 0.1 })).toEqual([['tos, disnea', 1]]);
    expect(spansFor({ ',': 0.7, disnea: 0.3 })).toEqual([['disnea', 0.3]]);
  });

  it('counts characters, not their halves, and keeps the heaviest only', () => {
    expect(spansFor({ leve: 0.6, tos: 0.4 }, { most: 1 })).toEqual([['leve', 0.6]]);
  });

  it('has no span where nothing is attended to', () => {
    expect(spansFor({})).toEqual([]);
  });

  it('gives disjoint spans of whole words whose weights are those of their words', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: note.words.length, maxLength: note.words.length }), fc.integer({ min: 0, max: 3 }), (weights, gap) => {
      const spans = spansOf(note, weights, { ...rule, gap });
      for (const span of spans) {
        const within = [...wordsWithin(note.words, [span])];
        expect(note.words.some(({ start }) => start === span.start) && note.words.some(({ end }) => end === span.end)).toBe(true);
        expect(span.weight).toBeCloseTo(within.reduce((sum, word) => sum + weights[word]!, 0), 9);
      }
      const ordered = [...spans].sort((a, b) => a.start - b.start);
      expect(ordered.every(({ start }, i) => i === 0 || ordered[i - 1]!.end <= start)).toBe(true);
    }));
  });
});

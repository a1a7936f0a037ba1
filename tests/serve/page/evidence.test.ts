/** The note cut into places: offsets count code points, also beyond the basic plane, and nothing of the text is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestWeight, placesOf, quotesOf, restingOn, tint } from '../../../src/serve/page/browser/evidence.js';
import { coded, reviewed, span } from './reviews.js';

const reviewedCodes = (...codes: Parameters<typeof coded>[]) => reviewed(codes.map((one) => coded(...one))).codes;

describe('places', () => {
  it('count an emoji and a letter beyond the basic plane as one, an accent of its own as one more', () => {
    // Code points: 🫀 0, space 1, e 2, combining acute 3, 𝛼 4, z 5.
    const text = '🫀 e\u0301𝛼z';
    const places = placesOf(text, reviewedCodes(['I10', 0.9, true, [span(0, 1, 0.6), span(4, 5, 0.4)]]));
    expect(places.map(({ text: part, weights }) => [part, weights.get('icd10cm:I10')])).toEqual([['🫀', 0.6], [' e\u0301', undefined], ['𝛼', 0.4], ['z', undefined]]);
  });

  it('are cut where spans overlap; the heaviest of a code’s own spans counts', () => {
    const places = placesOf('abcdef', reviewedCodes(['A00', 0.9, true, [span(0, 4, 0.2), span(2, 4, 0.8)]], ['B00', 0.8, true, [span(3, 6, 1)]]));
    expect(places.map(({ text, weights }) => [text, Object.fromEntries(weights)])).toEqual([
      ['ab', { 'icd10cm:A00': 0.2 }],
      ['c', { 'icd10cm:A00': 0.8 }],
      ['d', { 'icd10cm:A00': 0.8, 'icd10cm:B00': 1 }],
      ['ef', { 'icd10cm:B00': 1 }],
    ]);
    expect(restingOn(places[2]!)).toEqual([{ key: 'icd10cm:B00', weight: 1 }, { key: 'icd10cm:A00', weight: 0.8 }]);
    expect(largestWeight(places, 'icd10cm:A00')).toBe(0.8);
  });

  it('lose nothing of any text, whatever the spans', () => {
    const spans = fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true })).map(([a, b, weight]) => span(a, b, weight)), { maxLength: 8 });
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'é', 'e\u0301', '🫀', '👩‍⚕️', '𝛼', '\n', '<'), maxLength: 25 }), spans, (text, all) => {
      expect(placesOf(text, reviewedCodes(['A00', 0.5, true, all])).map((place) => place.text).join('')).toBe(text);
    }));
  });
});

describe('tints', () => {
  it('grow with the weight, the code’s heaviest place being the strongest', () => {
    expect(tint(0.2, 0.2)).toBe(tint(0.9, 0.9));
    expect(tint(0.1, 0.2)).toBeLessThan(tint(0.2, 0.2));
    expect(tint(0, 0)).toBeGreaterThan(0);
  });
});

describe('quotes', () => {
  it('come by weight, on one line, cut where long, without what is empty', () => {
    const text = `low\nferritin 🩸 ${'x'.repeat(80)}`;
    const quotes = quotesOf(Array.from(text), [span(0, 12, 0.3), span(13, 14, 0.5), span(15, 95, 0.1), span(12, 13, 0.05)]);
    expect(quotes.map(({ text: quote }) => quote)).toEqual(['🩸', 'low ferritin', `${'x'.repeat(59)}…`]);
    expect(quotes[0]).toMatchObject({ start: 13, weight: 0.5 });
  });
});

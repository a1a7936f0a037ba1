/** Codes by falling probability, cut to those asked for. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankingOf } from '../../../finetune/predictor/ranked.js';

const labels = Array.from({ length: 11 }, (_, i) => ({ kind: 'dx', system: 's', code: `C${i}`, ...(i % 2 && { title: `title ${i}` }) }));

it('holds the most probable and all that are predicted, equal ones in the order of the labels', () => {
  const ranked = rankingOf({ labels: labels.slice(0, 4), isPredicted: (probability, label) => probability > 0.4 || label === 3 });
  const all = ranked(Float32Array.of(0.25, 0.5, 0.25, 0.125, 0.75));
  expect(all).toEqual([
    { kind: 'dx', system: 's', code: 'C1', title: 'title 1', probability: 0.5, predicted: true },
    { kind: 'dx', system: 's', code: 'C0', probability: 0.25, predicted: false },
    { kind: 'dx', system: 's', code: 'C2', probability: 0.25, predicted: false },
    { kind: 'dx', system: 's', code: 'C3', title: 'title 3', probability: 0.125, predicted: true },
  ]);
  expect(ranked(Float32Array.of(0.25, 0.5, 0.25, 0.125), 2)).toEqual([all[0], all[1], all[3]]);
});

it('is a stable sort, cut', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 11, maxLength: 11 }), fc.nat(12), (values, top) => {
    const isPredicted = (probability: number): boolean => probability > 4;
    const codes = rankingOf({ labels, isPredicted })(Float32Array.from(values), top);
    const sorted = values.map((value, label) => ({ value, label })).sort((a, b) => b.value - a.value);
    expect(codes.map(({ code }) => code)).toEqual(sorted.filter(({ value }, rank) => rank < top || value > 4).map(({ label }) => `C${label}`));
  }));
});

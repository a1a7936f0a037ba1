/** k-shot samples: balanced, nested, one row a patient first; what happens when a class runs out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ehrshotShots, kShot, type KShotRows, type Shots } from '../../../finetune/few-shot/k-shot.js';

const shots = (positive: readonly number[], k: Shots, { seed = 1, patients = positive.map((_, i) => `p${i}`) } = {}): KShotRows =>
  kShot({ positive: Uint8Array.from(positive), patients, k, seed });

const both = fc.array(fc.record({ positive: fc.integer({ min: 0, max: 1 }), patient: fc.integer({ min: 0, max: 9 }) }), { minLength: 2, maxLength: 60 })
  .filter((rows) => new Set(rows.map(({ positive }) => positive)).size === 2);

describe('k-shot', () => {
  it('takes k of each class, or as many of each as the smaller class has', () => {
    fc.assert(fc.property(both, fc.integer({ min: 1, max: 40 }), fc.integer(), (rows, k, seed) => {
      const positive = rows.map((row) => row.positive);
      const { kept, positives, negatives, shortage } = shots(positive, k, { seed, patients: rows.map(({ patient }) => `p${patient}`) });
      const [have, lack] = [1, 0].map((sign) => positive.filter((p) => p === sign).length) as [number, number];
      const each = Math.min(k, have, lack);
      expect([positives, negatives]).toEqual([each, each]);
      expect(Array.from(kept).filter((row) => positive[row] === 1)).toHaveLength(each);
      expect(kept).toHaveLength(2 * each);
      expect(new Set(kept).size).toBe(2 * each);
      expect(shortage === undefined).toBe(each === k);
    }));
  });

  it('is nested in k for one seed', () => {
    fc.assert(fc.property(both, fc.integer(), (rows, seed) => {
      const positive = rows.map((row) => row.positive);
      const patients = rows.map(({ patient }) => `p${patient}`);
      const samples = ehrshotShots.map((k) => new Set(shots(positive, k, { seed, patients }).kept));
      samples.slice(1).forEach((larger, i) => samples[i]!.forEach((row) => expect(larger.has(row)).toBe(true)));
    }));
  });

  it('takes no patient\'s second row before everybody\'s first', () => {
    const patients = Array.from({ length: 40 }, (_, i) => `p${i % 8}`);
    const positive = patients.map((_, i) => Number(i < 24));
    for (const k of [1, 5, 8]) {
      const { kept } = shots(positive, k, { patients });
      const chosen = Array.from(kept).filter((row) => positive[row] === 1).map((row) => patients[row]);
      expect(new Set(chosen).size).toBe(k);
    }
  });

  it('is another sample for another replicate', () => {
    const positive = Array.from({ length: 200 }, (_, i) => i % 2);
    expect(shots(positive, 8, { seed: 1 }).kept).not.toEqual(shots(positive, 8, { seed: 2 }).kept);
    expect(shots(positive, 8, { seed: 1 }).kept).toEqual(shots(positive, 8, { seed: 1 }).kept);
  });

  it('draws every row of a class alike', () => {
    const positive = [1, 1, 1, 1, 0, 0];
    const drawn = new Int32Array(6);
    for (let seed = 0; seed < 2000; seed++) shots(positive, 1, { seed }).kept.forEach((row) => drawn[row]!++);
    for (let row = 0; row < 4; row++) expect(Math.abs(drawn[row]! / 2000 - 0.25)).toBeLessThan(0.04);
    for (let row = 4; row < 6; row++) expect(Math.abs(drawn[row]! / 2000 - 0.5)).toBeLessThan(0.04);
  });

  it('says when there are too few, and of what', () => {
    const { kept, shortage } = shots([0, 1, 0, 0, 1, 0, 0], 4);
    expect(Array.from(kept)).toEqual(expect.arrayContaining([1, 4]));
    expect(kept).toHaveLength(4);
    expect(shortage).toBe('4 shots asked for, 2 taken: there are only 2 positive and 5 negative rows');
  });

  it('takes every row for `all`', () => {
    expect(shots([0, 1, 0], 'all')).toEqual({ kept: Int32Array.of(0, 1, 2), positives: 1, negatives: 2 });
  });
});

describe('what cannot be', () => {
  it.each([0, -1, 1.5, NaN])('%f shots', (k) => {
    expect(() => shots([0, 1], k)).toThrow(/finetune\.shots: .*whole number from 1, or all/);
  });

  it.each([[[0, 0, 0], '0 of 3'], [[1, 1], '2 of 2'], [[], '0 of 0']] as const)('two classes of %o', (positive, counts) => {
    expect(() => shots(positive, 1)).toThrow(new RegExp(`${counts} rows are positive.*both kinds`));
  });

  it('rows without a patient', () => {
    expect(() => shots([0, 1], 1, { patients: ['a'] })).toThrow(/2 rows have 1 patients/);
  });
});

/** Fractions: nested, whole patients, and nearer to each label's share than chance. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fractionOfPatients, type FractionOptions } from '../../../finetune/few-shot/fraction.js';
import { createRng } from '../../../src/core/rng.js';

interface Table {
  patients: string[];
  labels: number[][];
}

const take = ({ patients, labels }: Table, options: Partial<FractionOptions> & { fraction: number }): number[] =>
  Array.from(fractionOfPatients({ patients, labels: (row) => labels[row]!, seed: 1, by: 'sample', ...options }));

/** Patients of a few rows each, in an order of no meaning; labels from frequent to rare. */
const table = (patients: number, { labels = 40, seed = 5 } = {}): Table => {
  const rng = createRng(seed, 'table');
  const rows = rng.shuffle(Array.from({ length: patients }, (_, p) => new Array<string>(1 + rng.integer(3)).fill(`p${p}`)).flat());
  return { patients: rows, labels: rows.map(() => Array.from({ length: labels }, (_, l) => l).filter((l) => rng.bernoulli(0.6 / (l + 1)))) };
};

const idsOf = ({ patients }: Table, rows: readonly number[]): Set<string> => new Set(rows.map((row) => patients[row]!));

/** Patients with each label among some rows. */
function withLabel({ patients, labels }: Table, rows: readonly number[], label: number): number {
  return new Set(rows.filter((row) => labels[row]!.includes(label)).map((row) => patients[row]!)).size;
}

const all = ({ patients }: Table): number[] => [...patients.keys()];

const anyTable = fc.array(fc.record({ patient: fc.integer({ min: 0, max: 12 }), labels: fc.uniqueArray(fc.integer({ min: 0, max: 6 })) }), { minLength: 1, maxLength: 40 })
  .map((rows): Table => ({ patients: rows.map(({ patient }) => `p${patient}`), labels: rows.map(({ labels }) => labels) }));
const anyFraction = fc.double({ min: 0.01, max: 1, noNaN: true });

describe('a sample of patients', () => {
  it('holds whole patients, as many as asked for', () => {
    fc.assert(fc.property(anyTable, anyFraction, fc.integer(), (rows, fraction, seed) => {
      const kept = take(rows, { fraction, seed });
      const ids = idsOf(rows, kept);
      expect(ids.size).toBe(Math.max(1, Math.round(fraction * new Set(rows.patients).size)));
      expect(kept).toEqual(all(rows).filter((row) => ids.has(rows.patients[row]!)));
    }));
  });

  it('of a smaller fraction lies within that of a larger one of the same seed', () => {
    fc.assert(fc.property(anyTable, anyFraction, anyFraction, fc.integer(), (rows, a, b, seed) => {
      const larger = new Set(take(rows, { fraction: Math.max(a, b), seed }));
      for (const row of take(rows, { fraction: Math.min(a, b), seed })) expect(larger.has(row)).toBe(true);
    }));
  });

  it('is another with another seed, and the same with the same', () => {
    const rows = table(200);
    expect(take(rows, { fraction: 0.3 })).toEqual(take(rows, { fraction: 0.3 }));
    expect(take(rows, { fraction: 0.3, seed: 2 })).not.toEqual(take(rows, { fraction: 0.3 }));
  });

  it('is everything at 1', () => {
    const rows = table(11);
    expect(take(rows, { fraction: 1 })).toEqual(all(rows));
  });

  it('has half of each label at a half, give or take two patients, when patients have one label each', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 60 }), fc.integer(), (label, seed) => {
      const rows: Table = { patients: label.map((_, i) => `p${i}`), labels: label.map((l) => [l]) };
      const kept = take(rows, { fraction: 0.5, seed });
      // One for the label itself, and one where the halves differ in size.
      for (let l = 0; l < 4; l++) expect(Math.abs(withLabel(rows, kept, l) - withLabel(rows, all(rows), l) / 2)).toBeLessThanOrEqual(2);
    }));
  });

  it('keeps a binary task\'s share of positive patients in every prefix of the order', () => {
    const positive = (p: number): boolean => p % 5 === 0;
    const rows: Table = { patients: Array.from({ length: 1000 }, (_, p) => `p${p}`), labels: Array.from({ length: 1000 }, (_, p) => (positive(p) ? [0] : [])) };
    for (let count = 1; count <= 1000; count += 13) {
      const kept = take(rows, { fraction: count / 1000 });
      expect(kept).toHaveLength(count);
      expect(Math.abs(kept.filter(positive).length - count / 5), `${count} patients`).toBeLessThanOrEqual(3);
    }
  });

  it('stratifies by whether a patient has a positive row, however many rows', () => {
    const rows = { patients: Array.from({ length: 64 }, (_, i) => `p${i % 16}`), labels: Array.from({ length: 64 }, (_, i) => (i % 16 < 4 && i < 16 ? [0] : [])) };
    for (const fraction of [0.25, 0.5, 0.75]) expect(withLabel(rows, take(rows, { fraction }), 0)).toBe(4 * fraction);
  });

  it.each([0.05, 0.1, 0.37, 0.8])('is much nearer to every label\'s share than a random one at %f', (fraction) => {
    const rows = table(2000);
    const patients = [...new Set(rows.patients)];
    const meanError = (kept: readonly number[]): number => {
      const errors = Array.from({ length: 40 }, (_, l) => Math.abs(withLabel(rows, kept, l) - fraction * withLabel(rows, all(rows), l)));
      return errors.reduce((a, b) => a + b) / errors.length;
    };
    const random = new Set(createRng(4).shuffle(patients).slice(0, Math.round(fraction * patients.length)));
    expect(meanError(take(rows, { fraction }))).toBeLessThan(0.5 * meanError(all(rows).filter((row) => random.has(rows.patients[row]!))));
  });

  it('gives the two patients of the rarest label to different halves, whatever else they have', () => {
    const rng = createRng(8);
    const rows: Table = { patients: Array.from({ length: 80 }, (_, p) => `p${p}`), labels: Array.from({ length: 80 }, (_, p) => [...(p < 2 ? [9] : []), rng.integer(4)]) };
    for (let seed = 0; seed < 20; seed++) expect(withLabel(rows, take(rows, { fraction: 0.5, seed }), 9)).toBe(1);
  });
});

describe('the first rows of the table', () => {
  it('are cut as Python\'s int() cuts, patients or not', () => {
    const rows: Table = { patients: ['a', 'b', 'a', 'b', 'c', 'c', 'c'], labels: new Array<number[]>(7).fill([]) };
    expect(take(rows, { fraction: 0.5, by: 'prefix' })).toEqual([0, 1, 2]);
    expect(take(rows, { fraction: 0.01, by: 'prefix' })).toEqual([0]);
  });
});

describe('what cannot be', () => {
  it.each([0, -0.1, 1.01, NaN])('%f of the patients', (fraction) => {
    expect(() => take(table(3), { fraction })).toThrow(/finetune\.fraction: .*more than 0 and at most 1/);
  });

  it('a share of nothing', () => {
    expect(() => take({ patients: [], labels: [] }, { fraction: 0.5 })).toThrow(/no candidate rows/);
  });
});

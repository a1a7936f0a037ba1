import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/core/rng.js';
import { compareFeatures, compareLabels, type DriftRow } from '../../src/drift/compare.js';
import { clusteredCategories, countCategories, onePerPatient, type Feature, type Population } from '../../src/drift/feature.js';

const numeric = (values: ArrayLike<number>): Feature => ({ type: 'numeric', group: 'input', name: 'x', values: Float64Array.from(values) });
const categories = (values: readonly string[]): Feature => ({ type: 'categories', group: 'input', name: 'x', counts: countCategories(values) });
const both = (feature: Feature) => ({ all: [feature], independent: [feature] });
const compare = (a: Feature, b: Feature): DriftRow => compareFeatures(both(a), both(b))[0]!;
const draw = (n: number, one: (rng: Rng) => number, seed: number): number[] => {
  const rng = createRng(seed);
  return Array.from({ length: n }, () => one(rng));
};

describe('numbers', () => {
  it('of one distribution do not drift, whatever the seed', () => {
    for (let seed = 0; seed < 50; seed++) expect(compare(numeric(draw(211, (rng) => rng.normal(), 2 * seed)), numeric(draw(157, (rng) => rng.normal(), 2 * seed + 1))).severity).toBe('none');
  });

  it('that moved do: how far, both medians, and the bins', () => {
    const row = compare(numeric(draw(500, (rng) => rng.normal(), 1)), numeric(draw(300, (rng) => 1 + rng.normal(), 2)));
    expect(row).toMatchObject({ severity: 'major', effect: { name: 'D' } });
    expect(row.p).toBeLessThan(1e-6);
    expect(row.bins).toHaveLength(10);
    for (const side of ['reference', 'current'] as const) expect(row.bins.reduce((sum, bin) => sum + bin[side], 0)).toBeCloseTo(1, 9);
  });

  it('that went missing do', () => {
    const values = draw(400, (rng) => rng.normal(), 3);
    const row = compare(numeric(values), numeric(values.map((value, i) => (i % 2 ? NaN : value))));
    expect(row.severity).toBe('major');
    expect(row.bins.at(-1)).toMatchObject({ name: 'missing', reference: 0, current: 0.5 });
  });

  it('a difference that many values make significant stays none while it is small', () => {
    const row = compare(numeric(draw(40_000, (rng) => rng.normal(), 4)), numeric(draw(40_000, (rng) => 0.05 + rng.normal(), 5)));
    expect(row.p).toBeLessThan(0.001);
    expect(row.severity).toBe('none');
  });
});

describe('categories', () => {
  it('that changed places drift', () => {
    const of = (a: number, b: number): string[] => [...Array<string>(a).fill('EMERGENCY'), ...Array<string>(b).fill('ELECTIVE')];
    expect(compare(categories(of(80, 20)), categories(of(40, 60)))).toMatchObject({ severity: 'major', reference: 'EMERGENCY 80 %', current: 'ELECTIVE 60 %' });
    expect(compare(categories(of(80, 20)), categories(of(77, 23))).severity).toBe('none');
  });

  it('counted many times a patient are tested as often as there are patients', () => {
    const visits = (seed: number): [string, string[]][] => Array.from({ length: 60 }, (_, i) => {
      const rng = createRng(seed, i);
      return [`${seed} ${i}`, Array<string>(200).fill(`word ${rng.integer(12)}`)];
    });
    const feature = (seed: number): Feature => clusteredCategories({ name: 'x', group: 'input' }, visits(seed));
    for (let seed = 0; seed < 20; seed++) expect(compare(feature(2 * seed), feature(2 * seed + 1)).p).toBeGreaterThan(0.001);
  });
});

describe('labels', () => {
  const population = (visits: number, labels: Record<string, number>): Population => {
    const sample = { visits, features: [], labels: new Map(Object.entries(labels)) };
    return { patients: visits, all: sample, independent: sample };
  };

  it('are compared by the share of visits, rare ones left out, the most drifted first', () => {
    const rows = compareLabels(population(1000, { often: 300, same: 100, rare: 2, gone: 40 }), population(500, { often: 40, same: 51, rare: 3 }));
    expect(rows.map(({ label }) => label)).toEqual(['often', 'gone', 'same']);
    expect(rows[0]).toMatchObject({ reference: 0.3, current: 0.08, severity: 'major' });
    expect(rows[2]!.severity).toBe('none');
  });
});

describe('the test', () => {
  it('is of one visit a patient, the size of all', () => {
    const a = numeric(draw(500, (rng) => rng.normal(), 1));
    const b = numeric(draw(500, (rng) => 1 + rng.normal(), 2));
    const [row] = compareFeatures({ all: [a], independent: [a] }, { all: [b], independent: [a] });
    expect(row).toMatchObject({ p: 1, severity: 'none' });
    expect(row!.psi).toBeGreaterThan(0.25);
  });

  it('takes each patient once, by the ids alone', () => {
    const chosen = onePerPatient(['a', 'b', 'a', 'c', 'b'], ['1', '2', '3', '4', '5']);
    expect(chosen.map((i) => ['a', 'b', 'a', 'c', 'b'][i]).sort()).toEqual(['a', 'b', 'c']);
    expect(onePerPatient(['b', 'a', 'a'], ['5', '3', '1']).map((i) => ['5', '3', '1'][i])).toContain(['1', '3'].find((id) => chosen.map((i) => ['1', '2', '3', '4', '5'][i]).includes(id)));
  });
});

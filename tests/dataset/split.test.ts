import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareSchema, type SplitConfig } from '../../src/dataset/config.js';
import { assignSplits, splitManifest, type SplitVisit } from '../../src/dataset/split.js';

const config = (split: unknown): SplitConfig => prepareSchema.parse({ split }).split;

const visitsOf = (patients: number[], source: (patient: number, visit: number) => string | null = () => null): SplitVisit[] =>
  patients.map((patient, i) => ({ visit_id: `v${i}`, patient_id: `p${patient}`, source_split: source(patient, i) }));

const splitsOfPatients = (visits: SplitVisit[], splitOf: Map<string, string>): Map<string, Set<string>> => {
  const result = new Map<string, Set<string>>();
  for (const visit of visits) {
    const split = splitOf.get(visit.visit_id);
    if (split) result.set(visit.patient_id, (result.get(visit.patient_id) ?? new Set()).add(split));
  }
  return result;
};

describe('splitting by patient', () => {
  const patients = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 80 });

  it('never puts a patient in two splits, and leaves no visit out', () => {
    fc.assert(
      fc.property(patients, fc.integer(), (ids, seed) => {
        const visits = visitsOf(ids);
        const { splitOf } = assignSplits(visits, config({ seed, train: 0.5, dev: 0.2, test: 0.3 }));
        expect(splitOf.size).toBe(visits.length);
        for (const splits of splitsOfPatients(visits, splitOf).values()) expect(splits.size).toBe(1);
      }),
      { seed: 1 },
    );
  });

  it('depends on the seed and the patients, not on the order of the visits', () => {
    const visits = visitsOf(Array.from({ length: 90 }, (_, i) => i % 30));
    const first = splitManifest(visits, assignSplits(visits, config({ seed: 3 })));
    const reversed = [...visits].reverse();
    expect(splitManifest(reversed, assignSplits(reversed, config({ seed: 3 })))).toEqual(first);
    expect(splitManifest(visits, assignSplits(visits, config({ seed: 4 }))).split_id).not.toBe(first.split_id);
  });

  it('keeps the ratios, counted in patients', () => {
    const visits = visitsOf(Array.from({ length: 200 }, (_, i) => i));
    const { patients: split } = splitManifest(visits, assignSplits(visits, config({ train: 0.7, dev: 0.1, test: 0.2 })));
    const count = (name: string) => Object.values(split).filter((value) => value === name).length;
    expect([count('train'), count('dev'), count('test')]).toEqual([140, 20, 40]);
  });

  it('gives every split a patient where there are three', () => {
    const visits = visitsOf([0, 1, 2]);
    expect(new Set(assignSplits(visits, config({})).splitOf.values()).size).toBe(3);
  });

  it('holds out only patients with labelled visits', () => {
    const visits = visitsOf(Array.from({ length: 40 }, (_, i) => i), (patient) => (patient < 20 ? 'background' : 'train'));
    const { splitOf } = assignSplits(visits, config({ train: 0, dev: 0.5, test: 0.5 }));
    visits.forEach((visit, i) => expect(splitOf.get(visit.visit_id) === 'train').toBe(i < 20));
  });

  it('refuses ratios that do not add up', () => {
    expect(() => config({ train: 0.8, dev: 0.3 })).toThrow('must add up to 1');
  });
});

describe('splitting by visit, as released code does', () => {
  const visits = visitsOf(Array.from({ length: 100 }, (_, i) => i % 25));
  const byVisit = config({ by: 'visit', train: 0.7, dev: 0.1, test: 0.2 });

  it('keeps the ratios, counted in visits, and is a function of the seed', () => {
    const { splitOf } = assignSplits(visits, byVisit);
    const count = (name: string) => [...splitOf.values()].filter((split) => split === name).length;
    expect([count('train'), count('dev'), count('test')]).toEqual([70, 10, 20]);
    expect(assignSplits([...visits].reverse(), byVisit).splitOf).toEqual(splitOf);
  });

  it('puts patients in several splits, and the manifest lists their visits one by one', () => {
    const assignment = assignSplits(visits, byVisit);
    const overlapping = [...splitsOfPatients(visits, assignment.splitOf)].filter(([, splits]) => splits.size > 1).map(([patient]) => patient);
    expect(overlapping.length).toBeGreaterThan(10);
    expect(assignment.overlappingPatients).toBe(overlapping.length);
    const manifest = splitManifest(visits, assignment);
    expect(Object.keys(manifest.visits)).toHaveLength(4 * overlapping.length);
    expect(overlapping.filter((patient) => patient in manifest.patients)).toEqual([]);
  });

  it('holds out only labelled visits', () => {
    const mixed = visitsOf([0, 1, 2, 3, 4, 5], (_, visit) => (visit < 3 ? 'background' : 'train'));
    const { splitOf } = assignSplits(mixed, config({ by: 'visit', train: 0, dev: 0.5, test: 0.5 }));
    expect([...splitOf.values()].map((split) => split === 'train')).toEqual([true, true, true, false, false, false]);
  });
});

describe('the official split', () => {
  const source = config({ by: 'source' });

  it('is kept; the background part is for training', () => {
    const visits = visitsOf([0, 1, 2, 3], (patient) => ['train', 'dev', 'test', 'background'][patient]!);
    expect([...assignSplits(visits, source).splitOf.values()]).toEqual(['train', 'dev', 'test', 'train']);
  });

  it('can be renamed', () => {
    const visits = visitsOf([0, 1], (patient) => ['train', 'dev'][patient]!);
    expect([...assignSplits(visits, config({ by: 'source', rename: { dev: 'test' } })).splitOf.values()]).toEqual(['train', 'test']);
  });

  it('is an error where a visit has none', () => {
    expect(() => assignSplits(visitsOf([0]), source)).toThrow('visit v0 has no official split');
  });

  // Patient 0: a training, a background and a dev visit; patient 1: training only; patient 2: dev and test.
  const overlapping: SplitVisit[] = [
    ['a', '0', 'train'], ['b', '0', 'background'], ['c', '0', 'dev'], ['d', '1', 'train'], ['e', '2', 'dev'], ['f', '2', 'test'],
  ].map(([visit_id, patient_id, source_split]) => ({ visit_id: visit_id!, patient_id: patient_id!, source_split: source_split! }));

  it('that puts a patient in two splits is an error by default', () => {
    expect(() => assignSplits(overlapping, source)).toThrow('2 patients are in more than one official split');
  });

  it('drop-train leaves out the training visits of such patients, background too', () => {
    const assignment = assignSplits(overlapping, config({ by: 'source', on_overlap: 'drop-train' }));
    expect(Object.fromEntries(assignment.splitOf)).toEqual({ c: 'dev', d: 'train', e: 'dev', f: 'test' });
    expect(assignment).toMatchObject({ overlappingPatients: 2, droppedVisits: 2 });
  });

  it('keep leaves them, and the manifest lists their visits one by one', () => {
    const { patients, visits } = splitManifest(overlapping, assignSplits(overlapping, config({ by: 'source', on_overlap: 'keep' })));
    expect(patients).toEqual({ 1: 'train' });
    expect(visits).toEqual({ a: 'train', b: 'train', c: 'dev', e: 'dev', f: 'test' });
  });

  it('can give dev a share of the training patients, whole', () => {
    const visits = visitsOf(Array.from({ length: 60 }, (_, i) => i % 20), (patient) => (patient < 4 ? 'dev' : 'train'));
    const { splitOf } = assignSplits(visits, config({ by: 'source', dev_from_train: 0.25 }));
    const patients = splitsOfPatients(visits, splitOf);
    expect([...patients.values()].every((splits) => splits.size === 1)).toBe(true);
    expect([...patients.values()].filter((splits) => splits.has('dev'))).toHaveLength(4 + 4);
  });
});

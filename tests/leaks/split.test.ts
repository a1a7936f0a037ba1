import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createRagged, type Dataset, type SplitName } from '../../src/dataset/index.js';
import { splitManifest } from '../../src/dataset/split.js';
import { checkNotes } from '../../src/leaks/notes.js';
import { checkSplit } from '../../src/leaks/split.js';
import { temporaryDirectory } from '../dataset/store-fixture.js';

const dir = temporaryDirectory();
afterAll(() => fs.rmSync(dir, { recursive: true }));

const splitName = fc.constantFrom<SplitName>('train', 'dev', 'test');

/** Visits as the table holds them, with the split.json that `prepare` would write for them. */
function placed(visits: readonly { patient: number; split: SplitName }[]): Dataset {
  const rows = visits.map(({ patient, split }, i) => ({ visit_id: `v${i}`, patient_id: `p${patient}`, source_split: null, split }));
  const manifest = splitManifest(rows, { splitOf: new Map(rows.map((row) => [row.visit_id, row.split])), overlappingPatients: 0, droppedVisits: 0 });
  fs.writeFileSync(path.join(dir, 'split.json'), JSON.stringify(manifest));
  return { dir, size: rows.length, manifest: { split_id: manifest.split_id }, visitIds: rows.map((row) => row.visit_id), patientIds: rows.map((row) => row.patient_id), splits: rows.map((row) => row.split) } as Dataset;
}

it('finds a patient in two splits exactly where two visits of one patient differ, and split.json agrees with itself', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ patient: fc.integer({ min: 0, max: 12 }), split: splitName }), { minLength: 1, maxLength: 20 }), (visits) => {
      const overlapping = new Set(visits.filter((a) => visits.some((b) => a.patient === b.patient && a.split !== b.split)).map(({ patient }) => patient)).size;
      const [patients, file] = checkSplit(placed(visits));
      expect(patients!.status).toBe(overlapping ? 'leak' : 'ok');
      if (overlapping) expect(patients!.message).toContain(`: ${overlapping} of ${new Set(visits.map(({ patient }) => patient)).size} patients`);
      expect(file!.status).toBe('ok');
    }),
    { seed: 5, numRuns: 150 },
  );
});

it('finds any single visit that is in another split than split.json says', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ patient: fc.integer({ min: 0, max: 5 }), split: splitName }), { minLength: 1, maxLength: 12 }), fc.nat(), splitName, (visits, at, split) => {
      const dataset = placed(visits);
      const row = at % visits.length;
      fc.pre(dataset.splits[row] !== split);
      dataset.splits[row] = split;
      expect(checkSplit(dataset)[1]).toMatchObject({ status: 'leak', name: 'split-file' });
    }),
    { seed: 6, numRuns: 100 },
  );
});

it('finds the notes of dev and test that are in training too, as comparing all pairs does', () => {
  const note = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 15, maxLength: 17 });
  fc.assert(
    fc.property(fc.array(fc.record({ tokens: note, split: splitName }), { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (drawn, a, b) => {
      // Two of them are made equal, so that copies are common.
      const notes = drawn.map((one, i) => (i === b % drawn.length ? { ...one, tokens: drawn[a % drawn.length]!.tokens } : one));
      const offsets = Float64Array.from([0, ...notes.map((_, i) => notes.slice(0, i + 1).reduce((sum, { tokens }) => sum + tokens.length, 0))]);
      const dataset = { size: notes.length, visitIds: notes.map((_, i) => `v${i}`), splits: notes.map(({ split }) => split), tokens: createRagged(Int32Array.from(notes.flatMap(({ tokens }) => tokens)), offsets) } as Dataset;
      const long = notes.filter(({ tokens }) => tokens.length >= 16);
      const copies = long.filter((one) => one.split !== 'train' && long.some((other) => other.split === 'train' && other.tokens.join() === one.tokens.join())).length;
      const { status, message } = checkNotes(dataset);
      expect(status).toBe(copies ? 'unclear' : 'ok');
      if (copies) expect(message).toMatch(new RegExp(`^${copies} of `));
    }),
    { seed: 7, numRuns: 150 },
  );
});

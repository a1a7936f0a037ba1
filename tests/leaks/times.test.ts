import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRagged, type Dataset } from '../../src/dataset/index.js';
import { checkTimes, NOTE_TOLERANCE_DAYS } from '../../src/leaks/times.js';
import type { Finding, TaskDeclaration, TaskReads } from '../../src/leaks/index.js';
import { coding, medication, readmission } from './planted.js';

const HOUR = 60 * 60 * 1000;

interface Stay {
  admitted?: number;
  discharged?: number;
  charted?: number;
  /** Tokens; 0: no note. */
  tokens?: number;
}

/** Visits of one patient; times in hours. */
function stays(visits: readonly Stay[]): Dataset {
  const hours = (time: (stay: Stay) => number | undefined) => Float64Array.from(visits, (stay) => (time(stay) ?? NaN) * HOUR);
  const lengths = visits.map(({ tokens = 5 }) => tokens);
  const offsets = Float64Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length))]);
  return {
    visitIds: visits.map((_, i) => `v${i}`),
    admittedAt: hours((stay) => stay.admitted),
    dischargedAt: hours((stay) => stay.discharged),
    noteChartedAt: hours((stay) => stay.charted),
    tokens: createRagged(new Int32Array(offsets.at(-1)!), offsets),
  } as Dataset;
}

/** The second visit and so on, each with all before it. */
const everyPast = (size: number): TaskReads => ({ targets: Array.from({ length: size }, (_, row) => row).slice(1), historyOf: (row) => Array.from({ length: row }, (_, past) => past) });

const findingsOf = (declaration: TaskDeclaration, visits: readonly Stay[], reads = everyPast(visits.length)): Finding[] => checkTimes(stays(visits), declaration, reads);
const summary = (findings: Finding[]) => findings.map(({ status, name }) => (name === undefined ? status : `${status} ${name}`));

describe('medication at admission', () => {
  const first = { admitted: 0, discharged: 100, charted: 100 };

  it('passes with past visits that are over and charted, at the very moment too', () => {
    expect(summary(findingsOf(medication, [first, { admitted: 100, discharged: 200 }]))).toEqual(['ok', 'ok']);
  });

  it('is a leak when a past stay overlaps', () => {
    const [ends] = findingsOf(medication, [first, { admitted: 99.9, discharged: 200 }]);
    expect(ends).toMatchObject({ status: 'leak', name: 'overlapping-stays', message: expect.stringContaining('1 of 1 past visits end after it (1 predictions read them, e.g. for visit v1)') as string });
  });

  it('is no leak when the task leaves the overlapping stay out', () => {
    const visits = [first, { admitted: 50, discharged: 90, charted: 90 }, { admitted: 95, discharged: 120 }];
    expect(summary(findingsOf(medication, visits))).toContain('leak overlapping-stays');
    expect(summary(findingsOf(medication, visits, { targets: [2], historyOf: () => [1] }))).toEqual(['ok', 'ok']);
  });

  it('is a leak when a past note is charted after admission, unless no text is read', () => {
    const visits = [{ ...first, charted: 130 }, { admitted: 110, discharged: 200 }];
    expect(summary(findingsOf(medication, visits))).toEqual(['ok', 'leak late-notes']);
    expect(summary(findingsOf({ ...medication, inputs: [{ modality: 'rx', visit: 'past' }] }, visits))).toEqual(['ok']);
    expect(summary(findingsOf(medication, [{ ...visits[0]!, tokens: 0 }, visits[1]!]))).toEqual(['ok', 'ok']);
  });

  it('reports unknown times instead of passing them', () => {
    const [ends, notes] = findingsOf(medication, [{ admitted: 0, charted: 10 }, { ...first, discharged: 111 }, { admitted: 110 }]);
    expect(ends).toMatchObject({ status: 'leak', message: expect.stringContaining('2 have no times to compare') as string });
    expect(notes).toMatchObject({ status: 'leak' });
    const unknown = findingsOf(medication, [{ admitted: 0 }, { admitted: 110 }]);
    expect(unknown.map(({ status, message }) => [status, message])).toEqual([
      ['unclear', '1 of 1 past visits have no times to compare; the others are early enough'],
      ['unclear', '1 of 1 notes have no times to compare; the others are early enough'],
    ]);
  });
});

describe('readmission at discharge', () => {
  const reads = { targets: [0], historyOf: () => [] };
  const charted = (hours: number | undefined, tokens = 5) => summary(findingsOf(readmission, [{ admitted: 0, discharged: 100, charted: hours, tokens }], reads));

  it('may read a note charted up to the tolerance after discharge', () => {
    expect(charted(90)).toEqual(['ok']);
    expect(charted(100 + 24 * NOTE_TOLERANCE_DAYS)).toEqual(['ok']);
    expect(charted(100 + 24 * NOTE_TOLERANCE_DAYS + 0.1)).toEqual(['leak late-notes']);
  });

  it('reports notes without a time; visits without a note have nothing to compare', () => {
    expect(charted(undefined)).toEqual(['unclear']);
    expect(charted(undefined, 0)).toEqual(['ok']);
  });

  it('looks at the visits that are predicted for only', () => {
    expect(summary(findingsOf(readmission, [{ discharged: 0, charted: 99 }, { discharged: 100, charted: 100 }], { targets: [1], historyOf: () => [] }))).toEqual(['ok']);
  });
});

it('ICD coding comes after everything', () => {
  expect(findingsOf(coding, [{ admitted: 0, discharged: 1, charted: 99 }])).toEqual([]);
});

it('finds a leak exactly where one past visit ends after one admission', () => {
  const time = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(fc.record({ admitted: time, discharged: time, charted: time, tokens: fc.integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 6 }), (visits) => {
      const pairs = visits.flatMap((target, row) => visits.slice(0, row).map((past) => [past, target] as const));
      const judged = (later: boolean, unknown: boolean, name: string) => (later ? `leak ${name}` : unknown ? 'unclear' : 'ok');
      const after = (a?: number, b?: number) => a !== undefined && b !== undefined && a > b;
      const written = pairs.filter(([past]) => past.tokens > 0);
      expect(summary(findingsOf(medication, visits))).toEqual([
        judged(pairs.some(([past, target]) => after(past.discharged, target.admitted)), pairs.some(([past, target]) => past.discharged === undefined || target.admitted === undefined), 'overlapping-stays'),
        judged(written.some(([past, target]) => after(past.charted, target.admitted)), written.some(([past, target]) => past.charted === undefined || target.admitted === undefined), 'late-notes'),
      ]);
    }),
    { seed: 3, numRuns: 300 },
  );
});

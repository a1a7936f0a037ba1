/** The figures of the three tasks as functions of the visits: any order, any resample, with ties and with gold outside the label space. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allVisits, meanStatistics } from '../../src/metrics/bootstrap.js';
import { dialectsOf, evaluateTask, figuresByFrequency, taskStatistic, type TaskScores } from '../../src/metrics/evaluate-task.js';
import { goldInside } from '../../src/metrics/matrix.js';
import type { TaskName } from '../../src/metrics/task-scores.js';

const tasks = Object.keys(dialectsOf) as TaskName[];
type Input = TaskScores & { threshold: number };

const cell = fc.record({ score: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), gold: fc.boolean(), outside: fc.nat(1), patient: fc.nat(2) });
const inputs = fc.constantFrom(...tasks).chain((task) =>
  fc.record({ V: fc.integer({ min: 1, max: 7 }), L: task === 'readmission' ? fc.constant(1) : fc.integer({ min: 2, max: 5 }) }).chain(({ V, L }) =>
    fc.array(cell, { minLength: V * L, maxLength: V * L }).map((cells) => ({ task, input: inputOf(cells, V, L) })),
  ),
);

function inputOf(cells: { score: number; gold: boolean; outside: number; patient: number }[], V: number, L: number): Input {
  const matrix = { scores: Float64Array.from(cells, ({ score }) => score), labels: Uint8Array.from(cells, ({ gold }) => Number(gold)), V, L };
  const interacts = new Uint8Array(L * L);
  if (L > 1) interacts[1] = interacts[L] = 1;
  return {
    ...matrix,
    goldCounts: goldInside(matrix).map((count, v) => count + (L > 1 ? cells[v]!.outside : 0)),
    patients: Array.from({ length: V }, (_, v) => `p${cells[v]!.patient}`),
    interactions: { L, interacts },
    threshold: 0.45,
  };
}

/** The given visits, in the given order. */
function take(input: Input, visits: readonly number[]): Input {
  const { scores, labels, goldCounts, patients, L } = input;
  const cellOf = (i: number): number => visits[Math.floor(i / L)]! * L + (i % L);
  const cells = visits.length * L;
  return {
    ...input,
    V: visits.length,
    scores: Float64Array.from({ length: cells }, (_, i) => scores[cellOf(i)]!),
    labels: Uint8Array.from({ length: cells }, (_, i) => labels[cellOf(i)]!),
    goldCounts: Int32Array.from(visits, (v) => goldCounts[v]!),
    patients: visits.map((v) => patients[v]!),
  };
}

/** Every figure as `dialect.figure`. */
const allFigures = (task: TaskName, input: Input): Record<string, number> =>
  Object.fromEntries(Object.entries(evaluateTask(task, { ...input, dialects: dialectsOf[task] })).flatMap(([dialect, figures]) => Object.entries(figures).map(([name, value]) => [`${dialect}.${name}`, value])));

function expectEqual(actual: number, expected: number, name: string): void {
  if (Number.isNaN(expected)) expect(actual, name).toBeNaN();
  else expect(actual, name).toBeCloseTo(expected, 10);
}

describe('every figure', () => {
  it('does not depend on the order of the visits', () =>
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), ({ task, input }, keys) => {
        const order = [...allVisits(input.V)].map((v) => ({ v, key: keys.next().value as number })).sort((a, b) => a.key - b.key).map(({ v }) => v);
        const figures = allFigures(task, input);
        for (const [name, value] of Object.entries(allFigures(task, take(input, order)))) expectEqual(value, figures[name]!, name);
      }),
    ));

  it('but for CodiEsp has a statistic, which on a resample is what evaluation gives of its visits', () =>
    fc.assert(
      fc.property(inputs, fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), ({ task, input }, drawn) => {
        const visits = drawn.map((n) => n % input.V);
        for (const [name, value] of Object.entries(allFigures(task, take(input, visits)))) {
          if (name.startsWith('codiesp')) continue;
          expectEqual(taskStatistic(task, name, input)(Int32Array.from(visits)), value, name);
        }
      }),
    ));
});

describe('taskStatistic', () => {
  it('has the macro areas of frequency bins', () =>
    fc.assert(
      fc.property(inputs, fc.array(fc.constantFrom(0, 10, 11, 100, 101), { minLength: 5, maxLength: 5 }), ({ task, input }, counts) => {
        const labelCounts = counts.slice(0, input.L);
        for (const [bin, figures] of Object.entries(figuresByFrequency({ ...input, labelCounts }))) {
          for (const name of ['macro_auc', 'macro_auprc']) {
            expectEqual(taskStatistic(task, `${bin}.${name}`, { ...input, labelCounts })(allVisits(input.V)), figures[name]!, `${bin}.${name}`);
          }
        }
      }),
    ));

  it('is averaged over seeds on the same visits', () => {
    expect(meanStatistics([(visits) => visits[0]!, (visits) => 3 * visits[0]!])(Int32Array.of(5, 7))).toBe(10);
  });
});

/** Evaluation of the three tasks, each in its own metric dialects; and single figures as functions of resampled visits. */
import { configurationError } from '../core/errors.js';
import { allVisits, type Statistic } from './bootstrap.js';
import { codingStatistics } from './dialects/coding-statistics.js';
import { gbert, gbertReadmission } from './dialects/gbert.js';
import { safedrug } from './dialects/safedrug.js';
import { codingDialects, evaluateCoding, type CodingDialect } from './evaluate-coding.js';
import { labelsOfBin, type FrequencyBin } from './frequency-bins.js';
import { macroAreaStatistic } from './resampled-areas.js';
import { checkTaskScores, type TaskDecisions, type TaskName, type TaskScores } from './task-scores.js';

export { figuresByFrequency } from './frequency-bins.js';
export { readInteractions, type DrugInteractions } from './interactions.js';
export type { TaskScores } from './task-scores.js';

/** Dialects whose figures are all functions of the visits; none needs a tuned threshold. */
const statisticTables: Record<Exclude<TaskName, 'icd-coding'>, Record<string, (input: TaskScores) => Record<string, Statistic>>> = {
  readmission: { 'gbert-readmission': gbertReadmission },
  medication: { gbert, safedrug },
};

/** Dialects of each task; the first is what its published tables use. */
export const dialectsOf: Record<TaskName, readonly string[]> = {
  'icd-coding': codingDialects,
  readmission: Object.keys(statisticTables.readmission),
  medication: Object.keys(statisticTables.medication),
};

/**
 * Figures by dialect and name; an undefined figure is NaN, `null` in JSON. Figures of one dialect must never stand beside those of another under the same heading.
 * @throws configuration error on a dialect of another task; shape or numeric error when the input does not fit together
 */
export function evaluateTask(task: TaskName, input: TaskDecisions & { dialects: readonly string[] }): Record<string, Record<string, number>> {
  checkTaskScores(input);
  const unknown = input.dialects.find((name) => !dialectsOf[task].includes(name));
  if (unknown !== undefined) throw configurationError(`metric dialect ${unknown}: expected one of ${dialectsOf[task].join(', ')} for ${task}`);
  if (task === 'icd-coding') return evaluateCoding({ ...input, dialects: input.dialects as CodingDialect[] });
  const visits = allVisits(input.V);
  const figures = (statistics: Record<string, Statistic>) => Object.fromEntries(Object.entries(statistics).map(([name, statistic]) => [name, statistic(visits)]));
  return Object.fromEntries(input.dialects.map((name) => [name, figures(statisticTables[task][name]!(input))]));
}

/** Macro areas of the labels of a frequency bin, `bin.figure`. */
const binCurves = { macro_auc: 'roc', macro_auprc: 'precision-recall' } as const;

/**
 * A figure as a function of resampled visits, for `bootstrap` and `bootstrapDifference`.
 * @param figure `dialect.figure` as `evaluateTask` names it (`edin.map`, `gbert.f1`), or, with `labelCounts`, a macro area of `figuresByFrequency` (`rare.macro_auc`)
 * @throws configuration error on a figure that has none
 */
export function taskStatistic(task: TaskName, figure: string, input: TaskDecisions & { labelCounts?: ArrayLike<number> }): Statistic {
  checkTaskScores(input);
  const known = { ...binStatistics(input), ...statisticsOf(task, input) };
  const statistic = known[figure];
  if (!statistic) throw configurationError(`figure ${figure} of ${task}: expected one of ${Object.keys(known).join(', ')}`);
  return statistic();
}

function statisticsOf(task: TaskName, input: TaskDecisions): Record<string, () => Statistic> {
  const named = (dialect: string, figures: readonly string[], statistic: (figure: string) => Statistic) => figures.map((figure) => [`${dialect}.${figure}`, () => statistic(figure)] as const);
  if (task === 'icd-coding') {
    return Object.fromEntries(Object.entries(codingStatistics).flatMap(([dialect, table]) => named(dialect, Object.keys(table), (figure) => table[figure]!(input))));
  }
  return Object.fromEntries(Object.entries(statisticTables[task]).flatMap(([dialect, of]) => {
    const table = of(input);
    return named(dialect, Object.keys(table), (figure) => table[figure]!);
  }));
}

function binStatistics({ labelCounts, ...input }: TaskDecisions & { labelCounts?: ArrayLike<number> }): Record<string, () => Statistic> {
  if (!labelCounts) return {};
  const bins: readonly FrequencyBin[] = ['rare', 'middle', 'frequent'];
  return Object.fromEntries(bins.flatMap((bin) =>
    Object.entries(binCurves).map(([figure, curve]) => [`${bin}.${figure}`, () => macroAreaStatistic(input, curve, labelsOfBin(labelCounts, bin))] as const)));
}

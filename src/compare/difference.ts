/** Differences between models: means over their seeds, resampled together over the visits of the split. */
import type { Rng } from '../core/rng.js';
import { bootstrapDifference, type DifferenceInterval, type Statistic } from '../metrics/bootstrap.js';
import { taskStatistic } from '../metrics/evaluate-task.js';
import type { Measurement, Run } from './measurements.js';
import { readScores, type CellScores } from './scores.js';
import type { TaskName } from './tasks.js';

/** 2,000 resamples tell p-values apart down to 0.001. */
const REPLICATES = 2000;

export interface DifferenceOptions {
  figure: string;
  rng: Rng;
  replicates?: number;
}

/**
 * `Σ plus − Σ minus`, each term the mean of a model over its seeds. Where all terms are models, only seeds that all of them have count.
 * @returns undefined when they were scored on different visits, or no seed is common
 */
export function differenceOf(plus: readonly Measurement[], minus: readonly Measurement[], { figure, rng, replicates = REPLICATES }: DifferenceOptions): DifferenceInterval | undefined {
  const seeds = commonSeeds([...plus, ...minus]);
  const loaded = new Map([...plus, ...minus].map((term) => [term, runsWith(term, seeds).map((run) => ({ run, scores: readScores(run.evaluation, run.row.name) }))]));
  const all = [...loaded.values()];
  const visits = new Set(all.flat().map(({ scores }) => scores.visits.join('\n')));
  if (visits.size !== 1 || all.some((runs) => !runs.length)) return undefined;
  const statistics = new Map([...loaded].map(([term, runs]) => [term, meanOver(runs.map((one) => statisticOf(term.task, figure, one)))]));
  const sumOf = (terms: readonly Measurement[]): Statistic => (sample) => terms.reduce((sum, term) => sum + statistics.get(term)!(sample), 0);
  return bootstrapDifference(sumOf(plus), sumOf(minus), { V: all[0]![0]!.scores.V, rng, replicates });
}

/** A reference that was fitted once stands for all seeds. */
function commonSeeds(terms: readonly Measurement[]): Set<number> {
  const [first, ...others] = terms.filter(({ kind }) => kind === 'model').map(({ runs }) => new Set(runs.map(({ seed }) => seed)));
  return new Set([...(first ?? [])].filter((seed) => others.every((other) => other.has(seed))));
}

const runsWith = ({ kind, runs }: Measurement, seeds: ReadonlySet<number>): Run[] => (kind === 'model' ? runs.filter(({ seed }) => seeds.has(seed)) : runs);

const meanOver = (statistics: readonly Statistic[]): Statistic => (sample) => statistics.reduce((sum, statistic) => sum + statistic(sample), 0) / statistics.length;

const statisticOf = (task: TaskName, figure: string, { run, scores }: { run: Run; scores: CellScores }): Statistic =>
  taskStatistic(task, figure, { ...scores, threshold: run.row.threshold });

/** Scores the runs of a report one after the other, and holds them against the first. */
import { scoreRun, type ScoreRunOptions } from '../../../finetune/evaluation/scored-run.js';
import type { Dataset } from '../../dataset/index.js';
import { assess, reportedFigures, type Assessment } from '../../metrics/assess.js';
import { pairedDifference, type Resampled } from '../../metrics/resample.js';
import type { FlowStep, RunDifference } from '../../report/run/data.js';
import type { DescribedRun } from './describe-run.js';

export interface MeasureOptions extends ScoreRunOptions {
  replicates: number;
  seed: number;
}

export interface MeasuredRun {
  name: string;
  flow: FlowStep[];
  assessment: Assessment;
  resamples: Record<string, Resampled>;
  /** In the order of the scores. */
  visitIds: readonly string[];
}

export async function measureRun({ dir, name }: DescribedRun, dataset: Dataset, options: MeasureOptions): Promise<MeasuredRun> {
  const { task, labels, flow, visitIds, scores, decide } = await scoreRun(dir, dataset, options);
  const { replicates, seed } = options;
  return { name, flow, visitIds, ...assess(task, scores, { replicates, seed, decide, labelCounts: labels.map(({ count }) => count) }) };
}

/** Each run but the first against the first, on the same resamples. */
export function differencesOf(task: DescribedRun['task'], [first, ...others]: readonly MeasuredRun[]): RunDifference[] {
  if (!first) return [];
  return others.map((other) => {
    const paired = other.visitIds.join() === first.visitIds.join();
    const figures = (): Record<string, ReturnType<typeof pairedDifference>> =>
      Object.fromEntries(reportedFigures[task].map((figure) => [figure, pairedDifference(other.resamples[figure]!, first.resamples[figure]!)]));
    return { run: other.name, against: first.name, ...(paired && { figures: figures() }) };
  });
}

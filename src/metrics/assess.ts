/** All that a report says of a run on a split: figures with intervals over patients, labels by themselves, calibration, curves. */
import type { Interval, Statistic } from './bootstrap.js';
import { calibrate, type Calibration, type CalibrationBin } from './calibration.js';
import { precisionRecallCurve, rocCurve, type CurvePoint } from './curves.js';
import { taskStatistic } from './evaluate-task.js';
import { labelFigures, type Decide, type LabelFigures } from './label-figures.js';
import { goldInside } from './matrix.js';
import { sum } from './mean.js';
import { intervalOf, resample, type MovedInterval, type Resampled } from './resample.js';
import { separateAll } from './separation.js';
import type { TaskDecisions, TaskName } from './task-scores.js';

/** A figure by its dialect and name, `edin.map`. */
export interface AssessedFigure extends MovedInterval {
  figure: string;
  /** Behind its interval. */
  resamples: number;
}

export interface AssessedCalibration extends Omit<Calibration, 'bins'> {
  bins: (CalibrationBin & { low: number; high: number })[];
  brier: Interval;
  ece: Interval;
}

export interface ConfusionTable {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
}

export interface Assessment {
  visits: number;
  patients: number;
  labels: number;
  /** Gold codes inside the label space, and all. */
  gold: { inside: number; all: number };
  figures: AssessedFigure[];
  /** [L] */
  byLabel: LabelFigures[];
  calibration: AssessedCalibration;
  /** Where there is one label only. */
  binary?: { roc: CurvePoint[]; precisionRecall: CurvePoint[]; confusion: ConfusionTable };
}

export interface AssessOptions {
  replicates: number;
  seed: number;
  /** The run's own rule; `threshold` of the input is that of the dialects. */
  decide: Decide;
  /** [L]: training visits that carry each label. */
  labelCounts: ArrayLike<number>;
}

/** The figures that a report gives, the first of each task first; figures that two dialects share are there once. */
export const reportedFigures: Record<TaskName, readonly string[]> = {
  'icd-coding': [
    ...['map', 'micro_f1', 'macro_f1', 'micro_precision', 'micro_recall', 'micro_auc', 'macro_auc', 'micro_auprc', 'macro_auprc'].map((name) => `edin.${name}`),
    ...['precision_at_5', 'precision_at_8', 'precision_at_15', 'recall_at_15', 'r_precision', 'exact_match_ratio'].map((name) => `edin.${name}`),
    ...['micro_f1', 'macro_f1', 'micro_accuracy'].map((name) => `caml.${name}`),
    'rare.macro_auc',
  ],
  readmission: ['auc', 'auprc', 'macro_f1', 'accuracy'].map((name) => `gbert-readmission.${name}`),
  medication: [...['f1', 'jaccard', 'precision', 'recall', 'auc', 'prauc', 'accuracy'].map((name) => `gbert.${name}`), ...['f1', 'jaccard', 'prauc', 'mean_medications'].map((name) => `safedrug.${name}`)],
};

/** Cells that all resamples of an area under a curve may look at together; more would take minutes. */
const CELLS_IN_ALL = 1e9;
const FEWEST_RESAMPLES = 100;

/** Bins of the reliability diagram. With one label every cell is in them, with many those that are not as good as ruled out: nearly all others are near 0. */
const BINS = 12;
const LOWEST_SCORE = 0.05;

/** @returns the assessment, and the resamples of its figures, for paired differences */
export function assess(task: TaskName, input: TaskDecisions, options: AssessOptions): { assessment: Assessment; resamples: Record<string, Resampled> } {
  const { V, L, patients, goldCounts } = input;
  const calibration = calibrate(input, { bins: BINS, from: L === 1 ? 0 : LOWEST_SCORE });
  const resamples = resample({ ...figureStatistics(task, input, options), ...calibration.statistics }, { ...options, patients, replicatesOf: budget(input, options.replicates) });
  const assessment: Assessment = {
    visits: V,
    patients: new Set(patients).size,
    labels: L,
    gold: { inside: sum(goldInside(input)), all: sum(goldCounts) },
    figures: reportedFigures[task].map((figure) => ({ figure, ...intervalOf(resamples[figure]!), resamples: resamples[figure]!.values.length })),
    byLabel: labelFigures(input, options.decide),
    calibration: withIntervals(calibration.calibration, resamples),
    ...(L === 1 && { binary: binaryOf(input, options.decide) }),
  };
  return { assessment, resamples };
}

const figureStatistics = (task: TaskName, input: TaskDecisions, { labelCounts }: AssessOptions): Record<string, Statistic> =>
  Object.fromEntries(reportedFigures[task].map((figure) => [figure, taskStatistic(task, figure, { ...input, labelCounts })]));

/** Areas over a large matrix cost a pass over it each resample; all other figures are sums over visits. */
const budget = ({ V, L }: TaskDecisions, replicates: number) => (figure: string): number =>
  /^(edin|rare)\..*(auc|auprc)$/.test(figure) ? Math.min(replicates, Math.max(FEWEST_RESAMPLES, Math.floor(CELLS_IN_ALL / (V * L)))) : replicates;

function withIntervals({ bins, ...rest }: Calibration, resamples: Record<string, Resampled>): AssessedCalibration {
  const shares = bins.map((bin, b) => {
    const { low, high } = intervalOf(resamples[`share_${b}`]!);
    return { ...bin, low, high };
  });
  return { ...rest, bins: shares, brier: intervalOf(resamples['brier']!), ece: intervalOf(resamples['ece']!) };
}

function binaryOf(input: TaskDecisions, decide: Decide): NonNullable<Assessment['binary']> {
  const separation = separateAll(input);
  const [{ support, predicted, hits }] = labelFigures(input, decide) as [LabelFigures];
  const confusion = { truePositives: hits, falsePositives: predicted - hits, falseNegatives: support - hits, trueNegatives: input.V - predicted - support + hits };
  return { roc: rocCurve(separation), precisionRecall: precisionRecallCurve(separation), confusion };
}

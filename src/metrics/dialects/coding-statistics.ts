/** Figures of the ICD-coding dialects as functions of resampled visits; at all visits they equal what `caml` and `edin` give. */
import { meanStatistic, microF1Statistic, ratioStatistic, type Statistic } from '../bootstrap.js';
import { countDecisions, f1Each, type Counts } from '../decisions.js';
import { meanDefined } from '../mean.js';
import { averagePrecisionOfVisits, precisionAt, rankGold, recallAt, rPrecision } from '../ranking.js';
import { macroAreaStatistic, pooledAreaStatistic } from '../resampled-areas.js';
import { labelCountStatistic } from '../resampled-macro.js';
import type { TaskDecisions } from '../task-scores.js';
import { camlMacro } from './caml.js';

type StatisticOf = (input: TaskDecisions) => Statistic;

/** Micro figures are ratios of sums over visits. */
const micro = (of: (counts: Counts, goldCounts: Int32Array) => Statistic): StatisticOf => (input) =>
  of(countDecisions(input, input).byVisit, input.goldCounts);

const precision = micro(({ hits, predicted }) => ratioStatistic(hits, predicted));
const recall = micro(({ hits }, goldCounts) => ratioStatistic(hits, goldCounts));
const f1 = micro(microF1Statistic);
const jaccard = micro(({ hits, predicted }, goldCounts) => ratioStatistic(hits, predicted.map((count, v) => count + goldCounts[v]! - hits[v]!)));

const atHalf = (statistic: StatisticOf): StatisticOf => (input) => statistic({ ...input, threshold: 0.5 });

const ranked = (values: (ranks: ReturnType<typeof rankGold>) => Float64Array): StatisticOf => (input) => meanStatistic(values(rankGold(input, input.goldCounts)));

const exactMatches: StatisticOf = (input) => {
  const { hits, predicted } = countDecisions(input, input).byVisit;
  return meanStatistic(hits.map((count, v) => (count === predicted[v] && count === input.goldCounts[v] ? 1 : 0)));
};

const macroOfCaml = (figure: keyof ReturnType<typeof camlMacro>): StatisticOf => (input) => labelCountStatistic(input, { threshold: 0.5 }, (counts) => camlMacro(counts)[figure]);

const allLabels = ({ L }: TaskDecisions): number[] => Array.from({ length: L }, (_, label) => label);

const shared: Record<string, StatisticOf> = {
  micro_auc: (input) => pooledAreaStatistic(input, 'roc'),
  macro_auc: (input) => macroAreaStatistic(input, 'roc', allLabels(input)),
  ...Object.fromEntries([5, 8, 15].map((k) => [`precision_at_${k}`, ranked((ranks) => precisionAt(ranks, k))])),
};

const recalls = (depths: readonly number[]): Record<string, StatisticOf> => Object.fromEntries(depths.map((k) => [`recall_at_${k}`, ranked((ranks) => recallAt(ranks, k))]));

/** Dialect → figure → statistic. */
export const codingStatistics: Record<'caml' | 'edin', Record<string, StatisticOf>> = {
  caml: {
    ...shared,
    ...recalls([5, 8, 15]),
    micro_accuracy: atHalf(jaccard),
    micro_precision: atHalf(precision),
    micro_recall: atHalf(recall),
    micro_f1: atHalf(f1),
    macro_accuracy: macroOfCaml('macro_accuracy'),
    macro_precision: macroOfCaml('macro_precision'),
    macro_recall: macroOfCaml('macro_recall'),
    macro_f1: macroOfCaml('macro_f1'),
  },
  edin: {
    ...shared,
    ...recalls([10, 15]),
    micro_precision: precision,
    micro_recall: recall,
    micro_f1: f1,
    macro_f1: (input) => labelCountStatistic(input, input, (counts) => meanDefined(f1Each(counts))),
    micro_auprc: (input) => pooledAreaStatistic(input, 'precision-recall', input.goldCounts),
    macro_auprc: (input) => macroAreaStatistic(input, 'precision-recall', allLabels(input)),
    r_precision: ranked(rPrecision),
    map: ranked((ranks) => averagePrecisionOfVisits(ranks)),
    exact_match_ratio: exactMatches,
  },
};

/** Dialect `caml`: the figures of Mullenbach et al. 2018 (CAML), as their evaluation code defines them. */
import { countDecisions, type Counts, harmonicMean, microAverage } from '../decisions.js';
import { meanDefined, ratio, sum } from '../mean.js';
import { precisionAt, recallAt } from '../ranking.js';
import type { CodingFigures } from './coding-input.js';

const EPSILON = 1e-10;

/** Mean over **all** labels, absent ones included, so that they pull macro figures down. */
const meanOverLabels = (counts: Counts, value: (hits: number, predicted: number, gold: number) => number): number =>
  sum(Float64Array.from(counts.hits, (hits, l) => value(hits, counts.predicted[l]!, counts.gold[l]!))) / counts.hits.length;

/** Of the counts of each label, at any sample of visits. */
export function camlMacro(byLabel: Counts) {
  const precision = meanOverLabels(byLabel, (hits, predicted) => hits / (predicted + EPSILON));
  const recall = meanOverLabels(byLabel, (hits, _, gold) => hits / (gold + EPSILON));
  return {
    macro_accuracy: meanOverLabels(byLabel, (hits, predicted, gold) => hits / (predicted + gold - hits + EPSILON)),
    macro_precision: precision,
    macro_recall: recall,
    macro_f1: harmonicMean(precision, recall),
  };
}

/**
 * Threshold 0.5 (a score of exactly 0.5 is negative), whatever was tuned. Macro-F1 is the harmonic mean of macro-precision and
 * macro-recall; accuracy is |∩| / |∪|; macro-AUC is over labels with both classes. Gold codes outside the label space lower micro-recall,
 * micro-accuracy and R@k.
 */
export function caml({ matrix, goldTotal, ranks, microAuc, aucByLabel }: CodingFigures) {
  const { byLabel } = countDecisions(matrix, { threshold: 0.5 });
  const micro = microAverage(byLabel, goldTotal);
  const hits = sum(byLabel.hits);
  return {
    micro_accuracy: ratio(hits, sum(byLabel.predicted) + goldTotal - hits),
    micro_precision: micro.precision,
    micro_recall: micro.recall,
    micro_f1: micro.f1,
    micro_auc: microAuc,
    ...camlMacro(byLabel),
    macro_auc: meanDefined(aucByLabel),
    precision_at_5: meanDefined(precisionAt(ranks, 5)),
    precision_at_8: meanDefined(precisionAt(ranks, 8)),
    precision_at_15: meanDefined(precisionAt(ranks, 15)),
    recall_at_5: meanDefined(recallAt(ranks, 5)),
    recall_at_8: meanDefined(recallAt(ranks, 8)),
    recall_at_15: meanDefined(recallAt(ranks, 15)),
  };
}

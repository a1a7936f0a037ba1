/** Dialect `edin`: the figures of Edin et al. 2023 ("Automated medical coding on MIMIC-III and MIMIC-IV"). */
import { countDecisions, f1Each, microAverage } from '../decisions.js';
import { meanDefined } from '../mean.js';
import { meanAveragePrecision, precisionAt, recallAt, rPrecision } from '../ranking.js';
import type { CodingFigures } from './coding-input.js';

/**
 * @param threshold tuned on development micro-F1 (`searchThreshold`), strict `>`.
 * Macro figures are means over the labels present in the split. Gold codes outside the label space lower micro-recall, R@k, R-precision, MAP,
 * micro-AUPRC and the exact-match ratio; macro figures cannot see them.
 */
export function edin(figures: CodingFigures, threshold: number) {
  const { matrix, goldCounts, goldTotal, ranks } = figures;
  const { byLabel, byVisit } = countDecisions(matrix, { threshold });
  const micro = microAverage(byLabel, goldTotal);
  const exact = byVisit.hits.filter((hits, v) => hits === byVisit.predicted[v] && hits === goldCounts[v]).length;
  return {
    micro_precision: micro.precision,
    micro_recall: micro.recall,
    micro_f1: micro.f1,
    macro_f1: meanDefined(f1Each(byLabel)),
    micro_auc: figures.microAuc,
    macro_auc: meanDefined(figures.aucByLabel),
    micro_auprc: figures.microAveragePrecision,
    macro_auprc: meanDefined(figures.averagePrecisionByLabel),
    precision_at_5: meanDefined(precisionAt(ranks, 5)),
    precision_at_8: meanDefined(precisionAt(ranks, 8)),
    precision_at_15: meanDefined(precisionAt(ranks, 15)),
    recall_at_10: meanDefined(recallAt(ranks, 10)),
    recall_at_15: meanDefined(recallAt(ranks, 15)),
    r_precision: meanDefined(rPrecision(ranks)),
    map: meanAveragePrecision(ranks),
    exact_match_ratio: exact / matrix.V,
  };
}

/** Set agreement of each visit, shared by the medication-recommendation dialects. */
import { averagePrecision } from '../average-precision.js';
import { countDecisions, type DecisionRule, harmonicMean } from '../decisions.js';
import type { LabelMatrix } from '../matrix.js';
import { ratio } from '../mean.js';
import { separateVisit } from '../separation.js';

/** Each [V]; 0 where the figure would divide nothing by nothing. */
export interface VisitFigures {
  jaccard: Float64Array;
  /** Average precision of the visit's labels. */
  prauc: Float64Array;
  precision: Float64Array;
  recall: Float64Array;
  f1: Float64Array;
}

export interface VisitSetInput extends LabelMatrix {
  /** [V]: gold labels of each visit; those outside the label space are missed. */
  goldCounts: Int32Array;
}

export function visitFigures(matrix: VisitSetInput, rule: DecisionRule): VisitFigures {
  const { hits, predicted } = countDecisions(matrix, rule).byVisit;
  const gold = matrix.goldCounts;
  const each = (value: (v: number) => number): Float64Array => Float64Array.from({ length: matrix.V }, (_, v) => value(v));
  const precision = each((v) => ratio(hits[v]!, predicted[v]!));
  const recall = each((v) => ratio(hits[v]!, gold[v]!));
  return {
    jaccard: each((v) => ratio(hits[v]!, predicted[v]! + gold[v]! - hits[v]!)),
    prauc: each((v) => averagePrecision(separateVisit(matrix, v), gold[v]) || 0), // NaN without gold labels: scikit-learn gives 0
    precision,
    recall,
    f1: each((v) => harmonicMean(precision[v]!, recall[v]!)),
  };
}

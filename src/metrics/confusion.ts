/** Confusion of each label by itself, pooled over labels, or averaged over them: the 2×2 matrices of per-ICD attention's paper (FIDELITY §2). */
import { countDecisions, type DecisionRule } from './decisions.js';
import type { LabelMatrix } from './matrix.js';
import { sum } from './mean.js';

/** Each [L]; the four of a label sum to V. */
export interface LabelConfusion {
  truePositives: Int32Array;
  falseNegatives: Int32Array;
  falsePositives: Int32Array;
  trueNegatives: Int32Array;
}

/**
 * A 2×2 matrix with its rows, what is true, divided by their sums: `tpr + fnr = 1` (cells that are gold) and `tnr + fpr = 1` (cells that are not).
 * Both of a row are NaN where it has nothing to divide by.
 */
export interface ConfusionRates {
  tpr: number;
  fnr: number;
  tnr: number;
  fpr: number;
}

/** How much a label counts: all alike, or by the number of visits that carry it. */
export type LabelWeights = 'arithmetic' | 'support';

export function confusionByLabel(matrix: LabelMatrix, rule: DecisionRule): LabelConfusion {
  const { hits, predicted, gold } = countDecisions(matrix, rule).byLabel;
  return {
    truePositives: hits,
    falseNegatives: gold.map((count, l) => count - hits[l]!),
    falsePositives: predicted.map((count, l) => count - hits[l]!),
    trueNegatives: gold.map((count, l) => matrix.V - count - predicted[l]! + hits[l]!),
  };
}

/** Micro: the cells of all labels counted together. */
export function pooledRates(confusion: LabelConfusion): ConfusionRates {
  const [hits, misses, alarms, rejected] = [confusion.truePositives, confusion.falseNegatives, confusion.falsePositives, confusion.trueNegatives].map(sum) as [number, number, number, number];
  return withComplements(hits / (hits + misses), rejected / (rejected + alarms));
}

/**
 * The mean over labels of their row-normalised matrices. Labels that no visit carries have no TPR, and are left out of both rows, so that both are means over the same
 * labels. By support the first row equals that of {@link pooledRates}; the second does not: frequent labels, whose TNR is lowest, count most.
 */
export function averageRates({ truePositives, falseNegatives, falsePositives, trueNegatives }: LabelConfusion, weights: LabelWeights): ConfusionRates {
  const support = truePositives.map((hits, l) => hits + falseNegatives[l]!);
  const weightOf = (l: number): number => (weights === 'support' ? support[l]! : Math.sign(support[l]!));
  return withComplements(
    weightedMean(Float64Array.from(truePositives, (hits, l) => hits / support[l]!), weightOf),
    weightedMean(Float64Array.from(trueNegatives, (rejected, l) => rejected / (rejected + falsePositives[l]!)), weightOf),
  );
}

/** Of the defined values. @returns NaN when there is none */
function weightedMean(values: Float64Array, weightOf: (at: number) => number): number {
  let [total, weights] = [0, 0];
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    total += weightOf(at) * value;
    weights += weightOf(at);
  });
  return total / weights;
}

/** Labels that at least one visit carries: those that {@link averageRates} is a mean over. */
export const presentLabels = ({ truePositives, falseNegatives }: LabelConfusion): number => truePositives.filter((hits, l) => hits + falseNegatives[l]! > 0).length;

/**
 * The area under the ROC curve of decisions instead of scores: a curve of one corner. `roc_auc_score` gives it for predictions of 0 and 1.
 */
export const areaOfDecisions = ({ tpr, tnr }: ConfusionRates): number => (tpr + tnr) / 2;

const withComplements = (tpr: number, tnr: number): ConfusionRates => ({ tpr, fnr: 1 - tpr, tnr, fpr: 1 - tnr });

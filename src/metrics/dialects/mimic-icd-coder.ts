/** Dialect `mimic-icd-coder`: the figures of nancytanaka1/mimic-icd-coder (`evaluate.py`), with a threshold for each label. */
import { shapeError } from '../../core/errors.js';
import type { LabelMatrix } from '../matrix.js';
import { meanDefined, ratio, sum } from '../mean.js';
import { precisionAt } from '../ranking.js';
import { codingFigures } from './coding-input.js';

/**
 * Positive at ≥ the label's threshold. Everything sees the label space only: gold codes outside it count nowhere. Macro-F1 is the mean over all labels,
 * 0 for one that is neither gold nor predicted; P@k is the mean over all visits, those without a gold label among them. Where a label has one class
 * only, the original reports no areas at all; here macro areas are means over the labels that have both.
 * @param thresholds [L] @throws shape or numeric error when the input does not fit together
 */
export function mimicIcdCoder(matrix: LabelMatrix, thresholds: ArrayLike<number>) {
  if (thresholds.length !== matrix.L) throw shapeError(`metrics: expected a threshold for each of L = ${matrix.L} labels, got ${thresholds.length}`);
  const figures = codingFigures(matrix);
  const { hits, marked } = countByLabel(matrix, thresholds);
  // Precision at k does not divide by the gold codes, but leaves out visits that have none.
  const ranks = { ranks: figures.ranks.ranks, goldCounts: new Int32Array(matrix.V).fill(1) };
  return {
    micro_f1: ratio(2 * sum(hits), sum(marked)),
    macro_f1: sum(hits.map((hit, l) => ratio(2 * hit, marked[l]!))) / matrix.L,
    precision_at_5: meanDefined(precisionAt(ranks, 5)),
    precision_at_8: meanDefined(precisionAt(ranks, 8)),
    precision_at_15: meanDefined(precisionAt(ranks, 15)),
    micro_auc: figures.microAuc,
    macro_auc: meanDefined(figures.aucByLabel),
    micro_auprc: figures.microAveragePrecision,
    macro_auprc: meanDefined(figures.averagePrecisionByLabel),
  };
}

export type MimicIcdCoderFigures = ReturnType<typeof mimicIcdCoder>;

/** What the original reports for its TF-IDF baseline: MIMIC-IV, the 50 most frequent ICD-10 codes, test split of 12,091 admissions. */
export const publishedTop50: MimicIcdCoderFigures = {
  micro_f1: 0.6174,
  macro_f1: 0.5843,
  precision_at_5: 0.5259,
  precision_at_8: 0.4326,
  precision_at_15: 0.2935,
  micro_auc: 0.9284,
  macro_auc: 0.9097,
  micro_auprc: 0.6263,
  macro_auprc: 0.5739,
};

/** True positives of each label, and predicted and gold together: F1 is 2 hits / marked. Doubles, so that a ratio of them is one. */
function countByLabel({ scores, labels, V, L }: LabelMatrix, thresholds: ArrayLike<number>): { hits: Float64Array; marked: Float64Array } {
  const [hits, marked] = [new Float64Array(L), new Float64Array(L)];
  for (let v = 0, i = 0; v < V; v++) {
    for (let l = 0; l < L; l++, i++) {
      const predicted = Number(scores[i]! >= thresholds[l]!);
      hits[l]! += predicted & labels[i]!;
      marked[l]! += predicted + labels[i]!;
    }
  }
  return { hits, marked };
}

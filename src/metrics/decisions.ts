/** Thresholded predictions counted by label and by visit, and what follows: precision, recall, F1, Jaccard. */
import type { LabelMatrix } from './matrix.js';
import { ratio, sum } from './mean.js';

/** True positives, predicted and gold, for each label or for each visit. */
export interface Counts {
  hits: Int32Array;
  predicted: Int32Array;
  gold: Int32Array;
}

export interface Decisions {
  /** Each [L]. */
  byLabel: Counts;
  /** Each [V]; gold counts the label space only. */
  byVisit: Counts;
}

export interface DecisionRule {
  threshold: number;
  /** Scores equal to the threshold are positive (`>=`); by default they are not (`>`). */
  inclusive?: boolean;
}

const emptyCounts = (length: number): Counts => ({
  hits: new Int32Array(length),
  predicted: new Int32Array(length),
  gold: new Int32Array(length),
});

export function countDecisions({ scores, labels, V, L }: LabelMatrix, { threshold, inclusive = false }: DecisionRule): Decisions {
  const byLabel = emptyCounts(L);
  const byVisit = emptyCounts(V);
  for (let v = 0, i = 0; v < V; v++) {
    for (let l = 0; l < L; l++, i++) {
      const gold = labels[i]!;
      const predicted = scores[i]! > threshold || (inclusive && scores[i] === threshold) ? 1 : 0;
      if (!(gold | predicted)) continue;
      add(byLabel, l, { gold, predicted });
      add(byVisit, v, { gold, predicted });
    }
  }
  return { byLabel, byVisit };
}

function add(counts: Counts, at: number, { gold, predicted }: { gold: number; predicted: number }): void {
  counts.hits[at]! += gold & predicted;
  counts.predicted[at]! += predicted;
  counts.gold[at]! += gold;
}

export interface PrecisionRecall {
  precision: number;
  recall: number;
  f1: number;
}

/** 0 where precision and recall are both 0 or undefined. */
export const harmonicMean = (a: number, b: number): number => ratio(2 * a * b, a + b);

/** Pooled over all cells. @param goldTotal gold codes in all, including those outside the label space (they lower recall) */
export function microAverage(counts: Counts, goldTotal = sum(counts.gold)): PrecisionRecall {
  const hits = sum(counts.hits);
  const precision = ratio(hits, sum(counts.predicted));
  const recall = ratio(hits, goldTotal);
  return { precision, recall, f1: harmonicMean(precision, recall) };
}

/** F1 of each label or visit; NaN where nothing is gold. */
export const f1Each = ({ hits, predicted, gold }: Counts): Float64Array =>
  Float64Array.from(hits, (hit, i) => (gold[i] ? (2 * hit) / (predicted[i]! + gold[i]!) : NaN));

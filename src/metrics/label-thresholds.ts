/** A threshold for each label, tuned on the label's own F1: the procedure of nancytanaka1/mimic-icd-coder (`thresholds.py`). */
import { checkMatrix, type LabelMatrix } from './matrix.js';
import { separateLabel, type Separation } from './separation.js';

export interface LabelThresholdOptions {
  /** Labels with fewer positives keep the fallback: their curve says too little. */
  minSupport?: number;
  fallback?: number;
}

/**
 * Of all scores that a label's visits have, the one with the highest F1 when every score at or above it counts as predicted; the lowest of equally good ones.
 * @returns [L], for `score >= threshold`
 */
export function tuneLabelThresholds(matrix: LabelMatrix, { minSupport = 5, fallback = 0.5 }: LabelThresholdOptions = {}): Float32Array {
  checkMatrix(matrix);
  return Float32Array.from({ length: matrix.L }, (_, label) => {
    const separation = separateLabel(matrix, label);
    return separation.positives.length < minSupport ? fallback : bestThreshold(separation);
  });
}

/** Walks through the scores from the lowest, which predicts everything. */
function bestThreshold({ positives, negatives }: Separation): number {
  const gold = positives.length;
  let best = { threshold: Infinity, f1: -1 };
  for (let p = 0, n = 0; p < gold || n < negatives.length; ) {
    const threshold = Math.min(positives[p] ?? Infinity, negatives[n] ?? Infinity);
    const hits = gold - p;
    const f1 = (2 * hits) / (hits + negatives.length - n + gold);
    if (f1 > best.f1) best = { threshold, f1 };
    while (p < gold && positives[p] === threshold) p++;
    while (n < negatives.length && negatives[n] === threshold) n++;
  }
  return best.threshold;
}

/** Average precision: the area under the precision–recall curve as a step function, as scikit-learn defines it. */
import type { Separation } from './separation.js';

/**
 * Σ over distinct thresholds of (gain in recall) × (precision at the threshold); equal scores share one threshold.
 * @param gold number of positives in the denominator of recall, where some lie outside the scored set
 * @returns NaN when there is no positive
 */
export function averagePrecision({ positives, negatives }: Separation, gold = positives.length): number {
  if (!gold) return NaN;
  let sum = 0;
  let notBelow = 0; // negatives that score at least as high
  for (let end = positives.length; end > 0; ) {
    const score = positives[end - 1]!;
    let start = end;
    while (start > 0 && positives[start - 1] === score) start--;
    while (notBelow < negatives.length && negatives[negatives.length - 1 - notBelow]! >= score) notBelow++;
    const hits = positives.length - start;
    sum += ((end - start) * hits) / (hits + notBelow);
    end = start;
  }
  return sum / gold;
}

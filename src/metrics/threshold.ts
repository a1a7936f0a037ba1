/** Search for the decision threshold that maximises micro-F1 on development data. */
import { ratio, sum } from './mean.js';
import { goldInside, type LabelMatrix } from './matrix.js';

export interface ThresholdChoice {
  threshold: number;
  /** Micro-F1 at the threshold, with `score > threshold`. */
  microF1: number;
}

/**
 * Tries `count` values evenly spaced over [0, 1] (Edin et al. 2023: 100); the lowest of equally good ones wins.
 * One pass over the matrix: each score is filed under the number of thresholds that it exceeds.
 * @param goldCounts [V] gold codes including those outside the label space; by default those inside
 */
export function searchThreshold(matrix: LabelMatrix, goldCounts: Int32Array = goldInside(matrix), count = 100): ThresholdChoice {
  const { predicted, hits } = countAbove(matrix, count);
  const gold = sum(goldCounts);
  let best: ThresholdChoice = { threshold: 0, microF1: -1 };
  for (let t = 0; t < count; t++) {
    const microF1 = ratio(2 * hits[t]!, predicted[t]! + gold);
    if (microF1 > best.microF1) best = { threshold: t / (count - 1), microF1 };
  }
  return best;
}

/** For each threshold the number of scores, and of gold scores, strictly above it. */
function countAbove({ scores, labels }: LabelMatrix, count: number): { predicted: Float64Array; hits: Float64Array } {
  const predicted = new Float64Array(count);
  const hits = new Float64Array(count);
  for (let i = 0; i < scores.length; i++) {
    const highest = highestExceeded(scores[i]!, count);
    if (highest < 0) continue;
    predicted[highest]!++;
    hits[highest]! += labels[i]!;
  }
  for (let t = count - 2; t >= 0; t--) {
    predicted[t]! += predicted[t + 1]!;
    hits[t]! += hits[t + 1]!;
  }
  return { predicted, hits };
}

/** Index of the highest threshold strictly below a score, −1 when there is none; corrected for rounding of the product. */
function highestExceeded(score: number, count: number): number {
  let index = Math.max(-1, Math.min(count - 1, Math.floor(score * (count - 1))));
  while (index >= 0 && index / (count - 1) >= score) index--;
  while (index + 1 < count && (index + 1) / (count - 1) < score) index++;
  return index;
}

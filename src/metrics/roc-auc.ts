/** Area under the ROC curve: the chance that a positive scores above a negative, ties counting one half. */
import type { Separation } from './separation.js';

/** Mann–Whitney form of the area. @returns NaN when a class is absent: the curve is then undefined */
export function areaUnderRoc({ positives, negatives }: Separation): number {
  if (!positives.length || !negatives.length) return NaN;
  let below = 0;
  let notAbove = 0;
  let pairs = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= score) notAbove++;
    pairs += (below + notAbove) / 2;
  }
  return pairs / positives.length / negatives.length;
}

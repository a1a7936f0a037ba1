/** ROC and precision–recall curves as points to draw, one a distinct score, thinned where there are very many. */
import type { Separation } from './separation.js';

export interface CurvePoint {
  x: number;
  y: number;
  /** Predicted at or above. */
  threshold: number;
}

/** Points that a drawing can tell apart. */
const MOST_POINTS = 300;

interface Operating {
  threshold: number;
  truePositives: number;
  falsePositives: number;
}

/** From (0, 0) to (1, 1): x the share of negatives, y the share of positives at or above each score. @returns [] where a class is absent */
export function rocCurve(separation: Separation): CurvePoint[] {
  const [P, N] = [separation.positives.length, separation.negatives.length];
  if (!P || !N) return [];
  const points = operatingPoints(separation).map(({ threshold, truePositives, falsePositives }) => ({ x: falsePositives / N, y: truePositives / P, threshold }));
  return [{ x: 0, y: 0, threshold: Infinity }, ...thinned(points)];
}

/** By rising recall: x recall, y precision. @returns [] without positives */
export function precisionRecallCurve(separation: Separation): CurvePoint[] {
  const P = separation.positives.length;
  if (!P) return [];
  return thinned(operatingPoints(separation).map(({ threshold, truePositives, falsePositives }) => ({ x: truePositives / P, y: truePositives / (truePositives + falsePositives), threshold })));
}

/** By falling threshold. */
function operatingPoints({ positives, negatives }: Separation): Operating[] {
  const thresholds = Float64Array.from(new Set([...positives, ...negatives])).sort().reverse();
  let [p, n] = [positives.length, negatives.length];
  return Array.from(thresholds, (threshold) => {
    while (p > 0 && positives[p - 1]! >= threshold) p--;
    while (n > 0 && negatives[n - 1]! >= threshold) n--;
    return { threshold, truePositives: positives.length - p, falsePositives: negatives.length - n };
  });
}

/** Evenly by their order; the last one stays. */
function thinned(points: CurvePoint[]): CurvePoint[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

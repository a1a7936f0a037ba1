/** Percentile bootstrap over visits: how far a figure would move with another sample of visits. */
import { shapeError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';
import type { Counts } from './decisions.js';
import { ratio } from './mean.js';

/** A figure of a sample of visits, given by their indices (repetitions allowed). */
export type Statistic = (visits: Int32Array) => number;

export interface BootstrapOptions {
  /** Number of visits in the data. */
  V: number;
  rng: Rng;
  replicates?: number;
  /** Coverage of the interval. */
  level?: number;
}

export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

export interface DifferenceInterval extends Interval {
  /** Two-sided: twice the share of replicates on the far side of 0 (ties one half), at most 1. */
  pValue: number;
}

/** Every visit once: the data themselves. */
export const allVisits = (V: number): Int32Array => Int32Array.from({ length: V }, (_, visit) => visit);

/** Mean of per-visit values [V]; NaN values (undefined visits) are left out. */
export const meanStatistic = (values: ArrayLike<number>): Statistic => (visits) => {
  let total = 0;
  let count = 0;
  for (const visit of visits) {
    const value = values[visit]!;
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return total / count;
};

/** Σ numerators / Σ denominators of per-visit values, each [V]; 0 when nothing is divided by nothing. */
export const ratioStatistic = (numerators: ArrayLike<number>, denominators: ArrayLike<number>): Statistic => (visits) => {
  let numerator = 0;
  let denominator = 0;
  for (const visit of visits) {
    numerator += numerators[visit]!;
    denominator += denominators[visit]!;
  }
  return ratio(numerator, denominator);
};

/** Micro-F1 of per-visit counts. @param goldCounts [V] gold codes including those outside the label space */
export const microF1Statistic = ({ hits, predicted, gold }: Counts, goldCounts: Int32Array = gold): Statistic =>
  ratioStatistic(hits.map((count) => 2 * count), predicted.map((count, v) => count + goldCounts[v]!));

/** Mean of several figures on the same resampled visits: of one model trained from several seeds. */
export const meanStatistics = (statistics: readonly Statistic[]): Statistic => (visits) =>
  statistics.reduce((sum, statistic) => sum + statistic(visits), 0) / statistics.length;

/** Interval of one figure. */
export function bootstrap(statistic: Statistic, options: BootstrapOptions): Interval {
  const { estimate, sorted } = replicate(statistic, options);
  return { estimate, ...percentilesOf(sorted, options.level) };
}

/** Interval of `first − second`, both figures taken on the same resampled visits. */
export function bootstrapDifference(first: Statistic, second: Statistic, options: BootstrapOptions): DifferenceInterval {
  const { estimate, sorted } = replicate((visits) => first(visits) - second(visits), options);
  const below = sorted.reduce((n, value) => n + (value < 0 ? 1 : value === 0 ? 0.5 : 0), 0) / sorted.length;
  return { estimate, ...percentilesOf(sorted, options.level), pValue: Math.min(1, 2 * Math.min(below, 1 - below)) };
}

function replicate(statistic: Statistic, { V, rng, replicates = 1000 }: BootstrapOptions): { estimate: number; sorted: Float64Array } {
  if (V < 1 || replicates < 1) throw shapeError(`bootstrap: expected at least one visit and one replicate, got V=${V}, replicates=${replicates}`);
  const estimate = statistic(allVisits(V));
  const sample = new Int32Array(V);
  const sorted = Float64Array.from({ length: replicates }, () => {
    for (let i = 0; i < V; i++) sample[i] = rng.integer(V);
    return statistic(sample);
  }).sort();
  return { estimate, sorted };
}

/** Of values in ascending order, interpolated linearly between two of them; NaN where there is none. @param level coverage */
export function percentilesOf(sorted: Float64Array, level = 0.95): { low: number; high: number } {
  if (!sorted.length) return { low: NaN, high: NaN };
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const lower = sorted[Math.floor(position)]!;
    return lower + (position % 1) * (sorted[Math.ceil(position)]! - lower);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

/** Bootstrap over patients: whole patients are drawn, since visits of one patient are alike; many figures are taken on the same draws, so that runs can be paired. */
import { shapeError } from '../core/errors.js';
import { groupBy } from '../core/group-by.js';
import { createRng } from '../core/rng.js';
import { allVisits, percentilesOf, type Interval, type Statistic } from './bootstrap.js';

export interface ResampleOptions {
  /** [V]: whose visit it is. */
  patients: readonly string[];
  replicates: number;
  seed: number;
  /** Fewer resamples for figures that take long; by default `replicates` for all. */
  replicatesOf?: (figure: string) => number;
}

export interface Resampled {
  /** On all visits. */
  estimate: number;
  /** On each resample, in their order; NaN where the figure is undefined. */
  values: Float64Array;
}

/** Resample r is the same for every call with the same patients and seed, however many others there are. @throws shape error without visits or replicates */
export function resample(statistics: Readonly<Record<string, Statistic>>, options: ResampleOptions): Record<string, Resampled> {
  const { patients, replicates, seed, replicatesOf = () => replicates } = options;
  if (!patients.length || replicates < 1) throw shapeError(`bootstrap: expected at least one visit and one resample, got V=${patients.length}, replicates=${replicates}`);
  const draw = patientDraws(patients, seed);
  const everyone = allVisits(patients.length);
  const wanted = Object.entries(statistics).map(([name, statistic]) => ({ name, statistic, values: new Float64Array(Math.min(replicates, replicatesOf(name))) }));
  for (let r = 0; r < replicates; r++) {
    const visits = draw(r);
    for (const { statistic, values } of wanted) if (r < values.length) values[r] = statistic(visits);
  }
  return Object.fromEntries(wanted.map(({ name, statistic, values }) => [name, { estimate: statistic(everyone), values }]));
}

/** @returns resample → the visits of as many patients as there are, drawn with replacement */
function patientDraws(patients: readonly string[], seed: number): (r: number) => Int32Array {
  const groups = [...groupBy(patients.keys(), (visit) => patients[visit]!).values()];
  return (r) => {
    const rng = createRng(seed, 'resample', r);
    const drawn = groups.map(() => groups[rng.integer(groups.length)]!);
    return Int32Array.from(drawn.flat());
  };
}

export interface MovedInterval extends Interval {
  /** The interval was moved by the bias of the resamples. */
  moved: boolean;
}

/** Share of their standard deviation that the mean of resamples may lie off the estimate before that counts as bias (Efron and Tibshirani 1993, §10.3). */
const NEGLIGIBLE_BIAS = 0.25;

/**
 * Percentile interval, undefined resamples left out; without any the bounds are NaN. Where the resamples are biased, it is moved by that bias: drawing patients
 * twice makes ties among the positives of a rare label and loses labels altogether, so that their averages can miss the estimate (decision 0091).
 * @param level coverage
 */
export function intervalOf({ estimate, values }: Resampled, level = 0.95): MovedInterval {
  const sorted = definedSorted(values);
  const { low, high } = percentilesOf(sorted, level);
  const { mean, deviation } = momentsOf(sorted);
  const bias = mean - estimate;
  const moved = Math.abs(bias) > NEGLIGIBLE_BIAS * deviation;
  return { estimate, low: moved ? low - bias : low, high: moved ? high - bias : high, moved };
}

function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** Of `first − second`, whose resamples must be of the same visits; the shorter one decides how many. */
export function pairedDifference(first: Resampled, second: Resampled, level = 0.95): MovedInterval {
  const pairs = Math.min(first.values.length, second.values.length);
  const values = Float64Array.from({ length: pairs }, (_, r) => first.values[r]! - second.values[r]!);
  return intervalOf({ estimate: first.estimate - second.estimate, values }, level);
}

const definedSorted = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value)).sort();

/** What a data set looks like: how long notes are, how many codes visits have, how often each code occurs. */
import { codeKinds, type CodeKind } from './config.js';
import type { Dataset } from './open.js';

export interface HistogramBin {
  /** Values from here up to, but not including, `to`. */
  from: number;
  to: number;
  visits: number;
}

export interface Distribution {
  /** Visits that have any; the rest is about these. */
  visits: number;
  without: number;
  mean: number;
  median: number;
  /** The value that 95 in 100 visits do not exceed. */
  p95: number;
  max: number;
  histogram: HistogramBin[];
}

export interface DataDescription {
  /** Word pieces of a note. */
  tokens: Distribution;
  /** Codes of a visit, those outside the vocabulary too. */
  codes: Record<CodeKind, Distribution>;
  /** Training visits that carry each code of the vocabulary, most frequent first. */
  frequencies: Record<CodeKind, number[]>;
  visitsPerPatient: Distribution;
}

export function describeData(dataset: Dataset): DataDescription {
  const { tokens, codes, vocabulary, patientIds, size } = dataset;
  const ofVisits = (lengthOf: (row: number) => number): Distribution => distributionOf(Array.from({ length: size }, (_, row) => lengthOf(row)));
  const byKind = <T>(of: (kind: CodeKind) => T): Record<CodeKind, T> => Object.fromEntries(codeKinds.map((kind) => [kind, of(kind)])) as Record<CodeKind, T>;
  return {
    tokens: ofVisits(tokens.lengthOf),
    codes: byKind((kind) => ofVisits(codes[kind].lengthOf)),
    frequencies: byKind((kind) => vocabulary.kinds[kind].map(({ count }) => count).sort((a, b) => b - a)),
    visitsPerPatient: distributionOf([...countEach(patientIds).values()]),
  };
}

function countEach(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

const MOST_BINS = 40;

/** Of what is above 0; visits without any are counted apart. */
function distributionOf(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values.filter((value) => value > 0)).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const mean = sorted.length ? sorted.reduce((total, value) => total + value, 0) / sorted.length : 0;
  return { visits: sorted.length, without: values.length - sorted.length, mean, median: at(0.5), p95: at(0.95), max: at(1), histogram: histogramOf(sorted) };
}

/** Bins of a round width, from 0. @param sorted ascending, whole numbers */
function histogramOf(sorted: Float64Array): HistogramBin[] {
  if (!sorted.length) return [];
  const max = sorted[sorted.length - 1]!;
  const width = roundWidth(max / MOST_BINS);
  const bins = Array.from({ length: Math.floor(max / width) + 1 }, (_, bin) => ({ from: bin * width, to: (bin + 1) * width, visits: 0 }));
  for (const value of sorted) bins[Math.floor(value / width)]!.visits++;
  return bins;
}

/** The smallest of 1, 2, 5, 10, 20, … that is not below. */
function roundWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((width) => width >= least)!;
}

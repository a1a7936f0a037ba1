/** Whether probabilities mean what they say: reliability in bins of equal counts, expected calibration error, Brier score, and how scores are spread. */
import type { Statistic } from './bootstrap.js';
import { ratioStatistic } from './bootstrap.js';
import type { LabelMatrix, Scores } from './matrix.js';
import { sum } from './mean.js';

export interface CalibrationBin {
  /** Cells (visit, label), and those of them that are gold. */
  cells: number;
  positives: number;
  meanScore: number;
  /** positives / cells. */
  share: number;
}

export interface HistogramBar {
  /** Scores from here up to, but not including, `to`; the last bar includes 1. */
  from: number;
  to: number;
  cells: number;
  positives: number;
}

export interface Calibration {
  cells: number;
  positives: number;
  /** Cells with lower scores are in no bin. */
  from: number;
  /** By rising score. */
  bins: CalibrationBin[];
  histogram: HistogramBar[];
}

export interface CalibrationOptions {
  /** Bins of (nearly) equal numbers of cells; fewer where they would hold only a handful. */
  bins: number;
  /**
   * Only cells with at least this score enter the bins: of thousands of labels nearly all cells are near 0, and all bins would be there.
   */
  from: number;
}

const BARS = 20;
const FEWEST_CELLS = 10;

/** Cells by bin and visit, from which every figure of a sample of visits follows. */
export interface CalibrationCounts {
  calibration: Calibration;
  /** `brier`, `ece` (of the cells in bins), and `share_N`: the share of gold cells of bin N. */
  statistics: Record<string, Statistic>;
}

interface BinSums {
  cells: Float64Array;
  positives: Float64Array;
  scores: Float64Array;
}

/**
 * Bins as scikit-learn's `calibration_curve(strategy='quantile')` makes them (edges at the percentiles, empty bins left out); ECE is the mean of |mean score − share|
 * over cells in bins; Brier is the mean of (score − gold)² over all cells.
 */
export function calibrate(matrix: LabelMatrix, options: CalibrationOptions): CalibrationCounts {
  const edges = quantileEdges(matrix.scores, options);
  const byVisit = sumsByVisit(matrix, { edges, from: options.from });
  const used = byVisit.filter(({ cells }) => sum(cells) > 0);
  const calibration = { cells: matrix.scores.length, positives: sum(matrix.labels), from: options.from, bins: used.map(binOf), histogram: histogram(matrix) };
  const shares = used.map(({ positives, cells }, bin) => [`share_${bin}`, definedRatio(positives, cells)] as const);
  return { calibration, statistics: { brier: brierStatistic(matrix), ece: eceStatistic(used), ...Object.fromEntries(shares) } };
}

/** Interior edges: a score belongs to the bin whose number is that of the edges below it. */
function quantileEdges(scores: Scores, { bins, from }: CalibrationOptions): Float64Array {
  const sorted = scores.filter((score) => score >= from).sort();
  const count = Math.max(1, Math.min(bins, Math.floor(sorted.length / FEWEST_CELLS)));
  return Float64Array.from({ length: count - 1 }, (_, i) => {
    const at = ((i + 1) / count) * (sorted.length - 1);
    const lower = sorted[Math.floor(at)]!;
    return lower + (at % 1) * (sorted[Math.ceil(at)]! - lower);
  });
}

function sumsByVisit({ scores, labels, V, L }: LabelMatrix, { edges, from }: { edges: Float64Array; from: number }): BinSums[] {
  const sums = Array.from({ length: edges.length + 1 }, () => ({ cells: new Float64Array(V), positives: new Float64Array(V), scores: new Float64Array(V) }));
  for (let v = 0, i = 0; v < V; v++) {
    for (let l = 0; l < L; l++, i++) {
      const score = scores[i]!;
      if (score < from) continue;
      let bin = 0;
      while (bin < edges.length && edges[bin]! < score) bin++;
      sums[bin]!.cells[v]!++;
      sums[bin]!.positives[v]! += labels[i]!;
      sums[bin]!.scores[v]! += score;
    }
  }
  return sums;
}

function binOf(sums: BinSums): CalibrationBin {
  const [cells, positives, scores] = [sum(sums.cells), sum(sums.positives), sum(sums.scores)];
  return { cells, positives, meanScore: scores / cells, share: positives / cells };
}

/** NaN where a resample has no cell in the bin. */
const definedRatio = (numerators: Float64Array, denominators: Float64Array): Statistic => (visits) => {
  const total = pooled(denominators, visits);
  return total ? pooled(numerators, visits) / total : NaN;
};

function pooled(values: Float64Array, visits: Int32Array): number {
  let total = 0;
  for (const visit of visits) total += values[visit]!;
  return total;
}

/** The bins stay those of all visits. */
const eceStatistic = (bins: readonly BinSums[]): Statistic => (visits) => {
  let [gap, cells] = [0, 0];
  for (const bin of bins) {
    gap += Math.abs(pooled(bin.scores, visits) - pooled(bin.positives, visits));
    cells += pooled(bin.cells, visits);
  }
  return cells ? gap / cells : NaN;
};

function brierStatistic({ scores, labels, V, L }: LabelMatrix): Statistic {
  const squares = new Float64Array(V);
  for (let v = 0, i = 0; v < V; v++) for (let l = 0; l < L; l++, i++) squares[v]! += (scores[i]! - labels[i]!) ** 2;
  return ratioStatistic(squares, new Float64Array(V).fill(L));
}

function histogram({ scores, labels }: LabelMatrix): HistogramBar[] {
  const bars = Array.from({ length: BARS }, (_, bar) => ({ from: bar / BARS, to: (bar + 1) / BARS, cells: 0, positives: 0 }));
  for (let i = 0; i < scores.length; i++) {
    const bar = bars[Math.max(0, Math.min(BARS - 1, Math.floor(scores[i]! * BARS)))]!;
    bar.cells++;
    bar.positives += labels[i]!;
  }
  return bars;
}

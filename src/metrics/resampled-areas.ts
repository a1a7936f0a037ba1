/** Areas under ROC and precision–recall curves as functions of resampled visits: sorted once, so that thousands of resamples are cheap. */
import type { Statistic } from './bootstrap.js';
import type { LabelMatrix } from './matrix.js';
import { meanDefined } from './mean.js';

export type Curve = 'roc' | 'precision-recall';

/** Cells of the matrix, best score first. */
interface RankedCells {
  /** The visit of each. */
  visits: Int32Array;
  /** 1 where the label is gold. */
  gold: Uint8Array;
  /** 1 at the last of each run of equal scores. */
  ends: Uint8Array;
}

const areaOf: Record<Curve, (cells: RankedCells, times: Int32Array, gold?: number) => number> = { roc: rocArea, 'precision-recall': averagePrecision };

/** Mean area of the labels where it is defined (both classes, or for precision–recall a positive); NaN where none is. */
export function macroAreaStatistic(matrix: LabelMatrix, curve: Curve, labels: readonly number[]): Statistic {
  const { V, L } = matrix;
  const ranked = labels.map((label) => rank(matrix, Int32Array.from({ length: V }, (_, v) => v * L + label))).filter(({ gold }) => gold.includes(1));
  return (visits) => {
    const times = timesDrawn(visits, V);
    return meanDefined(ranked.map((cells) => areaOf[curve](cells, times)));
  };
}

/** Area over all cells. @param goldCounts [V], for recall's denominator: gold labels of each visit, also outside the label space */
export function pooledAreaStatistic(matrix: LabelMatrix, curve: Curve, goldCounts?: Int32Array): Statistic {
  const cells = rank(matrix, Int32Array.from(matrix.labels.keys()));
  return (visits) => areaOf[curve](cells, timesDrawn(visits, matrix.V), goldCounts && visits.reduce((sum, visit) => sum + goldCounts[visit]!, 0));
}

function timesDrawn(visits: Int32Array, V: number): Int32Array {
  const times = new Int32Array(V);
  for (const visit of visits) times[visit]!++;
  return times;
}

function rank({ scores, labels, L }: LabelMatrix, cells: Int32Array): RankedCells {
  cells.sort((a, b) => scores[b]! - scores[a]!);
  return {
    visits: cells.map((cell) => Math.floor(cell / L)),
    gold: Uint8Array.from(cells, (cell) => labels[cell]!),
    ends: Uint8Array.from(cells, (cell, i) => (i === cells.length - 1 || scores[cells[i + 1]!] !== scores[cell] ? 1 : 0)),
  };
}

/** Pairs of a positive and a negative in the right order, ties one half, over all pairs. @param times [V]: how often each visit was drawn */
function rocArea({ visits, gold, ends }: RankedCells, times: Int32Array): number {
  let [above, tiedPositives, tiedNegatives, negatives, right] = [0, 0, 0, 0, 0];
  for (let i = 0; i < visits.length; i++) {
    const count = times[visits[i]!]!;
    if (gold[i]) tiedPositives += count;
    else tiedNegatives += count;
    if (!ends[i]) continue;
    right += tiedNegatives * (above + tiedPositives / 2);
    above += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = tiedNegatives = 0;
  }
  return above && negatives ? right / (above * negatives) : NaN;
}

/** Σ over distinct thresholds of (gain in hits) × (precision), over the number of gold labels. */
function averagePrecision({ visits, gold, ends }: RankedCells, times: Int32Array, goldTotal?: number): number {
  let [hits, gain, predicted, total] = [0, 0, 0, 0];
  for (let i = 0; i < visits.length; i++) {
    const count = times[visits[i]!]!;
    predicted += count;
    if (gold[i]) gain += count;
    if (!ends[i] || !gain) continue;
    hits += gain;
    total += (gain * hits) / predicted;
    gain = 0;
  }
  const denominator = goldTotal ?? hits;
  return denominator ? total / denominator : NaN;
}

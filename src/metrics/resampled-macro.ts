/** Macro figures of decisions as functions of resampled visits: only cells that are gold or predicted count, so a resample costs as many steps as there are such cells. */
import type { Statistic } from './bootstrap.js';
import type { Counts, DecisionRule } from './decisions.js';
import type { LabelMatrix } from './matrix.js';

const GOLD = 1;
const PREDICTED = 2;

/** The gold or predicted labels of each visit: those of visit v are from `offsets[v]` up to `offsets[v + 1]`. */
interface DecidedCells {
  offsets: Int32Array;
  labels: Int32Array;
  flags: Uint8Array;
}

/** A figure of the counts of each label in a sample. @param counts each [L] */
export type LabelCountFigure = (counts: Counts) => number;

/** @param figure of the labels' counts over the visits drawn */
export function labelCountStatistic(matrix: LabelMatrix, rule: DecisionRule, figure: LabelCountFigure): Statistic {
  const { offsets, labels, flags } = decidedCells(matrix, rule);
  return (visits) => {
    const [hits, predicted, gold] = [new Int32Array(matrix.L), new Int32Array(matrix.L), new Int32Array(matrix.L)];
    for (const visit of visits) {
      for (let i = offsets[visit]!; i < offsets[visit + 1]!; i++) {
        const [label, flag] = [labels[i]!, flags[i]!];
        if (flag & GOLD) gold[label]!++;
        if (flag & PREDICTED) predicted[label]!++;
        if (flag === (GOLD | PREDICTED)) hits[label]!++;
      }
    }
    return figure({ hits, predicted, gold });
  };
}

function decidedCells({ scores, labels, V, L }: LabelMatrix, { threshold, inclusive = false }: DecisionRule): DecidedCells {
  const offsets = new Int32Array(V + 1);
  const columns: number[] = [];
  const flags: number[] = [];
  for (let v = 0, i = 0; v < V; v++) {
    for (let l = 0; l < L; l++, i++) {
      const flag = (labels[i] ? GOLD : 0) | (scores[i]! > threshold || (inclusive && scores[i] === threshold) ? PREDICTED : 0);
      if (!flag) continue;
      columns.push(l);
      flags.push(flag);
    }
    offsets[v + 1] = columns.length;
  }
  return { offsets, labels: Int32Array.from(columns), flags: Uint8Array.from(flags) };
}

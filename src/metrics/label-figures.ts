/** Figures of each label by itself. */
import { averagePrecision } from './average-precision.js';
import { harmonicMean } from './decisions.js';
import type { LabelMatrix } from './matrix.js';
import { ratio } from './mean.js';
import { areaUnderRoc } from './roc-auc.js';
import { separateLabel } from './separation.js';

export interface LabelFigures {
  /** Visits that carry the label, visits that it is predicted for, and both. */
  support: number;
  predicted: number;
  hits: number;
  /** 0 where nothing is predicted, or nothing is gold. */
  precision: number;
  recall: number;
  f1: number;
  /** NaN where a class is absent. */
  auc: number;
  /** NaN where no visit carries the label. */
  averagePrecision: number;
}

/** Whether a score decides for its label. */
export type Decide = (label: number, score: number) => boolean;

/** @returns [L] */
export function labelFigures(matrix: LabelMatrix, decide: Decide): LabelFigures[] {
  return Array.from({ length: matrix.L }, (_, label) => {
    const counts = countLabel(matrix, label, decide);
    const separation = separateLabel(matrix, label);
    const [precision, recall] = [ratio(counts.hits, counts.predicted), ratio(counts.hits, counts.support)];
    return { ...counts, precision, recall, f1: harmonicMean(precision, recall), auc: areaUnderRoc(separation), averagePrecision: averagePrecision(separation) };
  });
}

function countLabel({ scores, labels, V, L }: LabelMatrix, label: number, decide: Decide): Pick<LabelFigures, 'support' | 'predicted' | 'hits'> {
  const counts = { support: 0, predicted: 0, hits: 0 };
  for (let v = 0, i = label; v < V; v++, i += L) {
    const predicted = decide(label, scores[i]!) ? 1 : 0;
    counts.support += labels[i]!;
    counts.predicted += predicted;
    counts.hits += predicted & labels[i]!;
  }
  return counts;
}

/** Figures of rare, middle and frequent labels apart, since a mean over all labels hides the rare ones and a pooled figure drops them. */
import { averagePrecision } from './average-precision.js';
import { countDecisions, f1Each, microAverage } from './decisions.js';
import { shapeError } from '../core/errors.js';
import type { LabelMatrix } from './matrix.js';
import { meanDefined } from './mean.js';
import { areaUnderRoc } from './roc-auc.js';
import { separateLabel } from './separation.js';

export type FrequencyBin = 'rare' | 'middle' | 'frequent';

/** Training visits that carry a label, at most; labels never seen in training are rare. */
const UP_TO: Record<FrequencyBin, number> = { rare: 10, middle: 100, frequent: Infinity };
const bins = Object.keys(UP_TO) as FrequencyBin[];

export interface FrequencyInput extends LabelMatrix {
  /** [L]: training visits that carry each label. */
  labelCounts: ArrayLike<number>;
  threshold: number;
}

const binOf = (count: number): FrequencyBin => bins.find((bin) => count <= UP_TO[bin])!;

/** Indices of the labels of a bin. @param labelCounts [L] */
export const labelsOfBin = (labelCounts: ArrayLike<number>, bin: FrequencyBin): number[] =>
  Array.from(labelCounts).flatMap((count, label) => (binOf(count) === bin ? [label] : []));

/**
 * `labels`: size of the bin; `present`: those of them that are gold in the split, over which the macro figures are means (the ROC area where a negative is
 * there too). Micro-F1 and macro-F1 at > `threshold`. A bin without such labels has NaN.
 */
export function figuresByFrequency(input: FrequencyInput): Record<FrequencyBin, Record<string, number>> {
  if (input.labelCounts.length !== input.L) throw shapeError(`metrics: labelCounts should hold L = ${input.L} values, got ${input.labelCounts.length}`);
  return Object.fromEntries(bins.map((bin) => [bin, figuresOf(input, labelsOfBin(input.labelCounts, bin))])) as Record<FrequencyBin, Record<string, number>>;
}

function figuresOf(input: FrequencyInput, labels: readonly number[]): Record<string, number> {
  const separations = labels.map((label) => separateLabel(input, label));
  const { byLabel } = countDecisions(columnsOf(input, labels), input);
  return {
    labels: labels.length,
    present: separations.filter(({ positives }) => positives.length).length,
    macro_auc: meanDefined(separations.map(areaUnderRoc)),
    macro_auprc: meanDefined(separations.map((separation) => averagePrecision(separation))),
    macro_f1: meanDefined(f1Each(byLabel)),
    micro_f1: byLabel.gold.some(Boolean) ? microAverage(byLabel).f1 : NaN,
  };
}

function columnsOf({ scores, labels: gold, V, L }: LabelMatrix, labels: readonly number[]): LabelMatrix {
  const taken = { scores: new Float64Array(V * labels.length), labels: new Uint8Array(V * labels.length), V, L: labels.length };
  for (let v = 0, at = 0; v < V; v++) {
    for (const label of labels) {
      taken.scores[at] = scores[v * L + label]!;
      taken.labels[at++] = gold[v * L + label]!;
    }
  }
  return taken;
}

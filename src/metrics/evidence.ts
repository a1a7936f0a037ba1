/**
 * How well the evidence that a model gives for codes agrees with what annotators marked, in words of the text (after ERASER, DeYoung et al. 2020):
 * wherever a span begins or ends exactly, the words are the same under every tokenizer.
 */
import { harmonicMean } from './decisions.js';
import { meanDefined, ratio } from './mean.js';

/** One code of one note. Words are numbered in the order of the text. */
export interface EvidencePair {
  /** Words of all annotated mentions of the code. */
  gold: ReadonlySet<number>;
  /** Words of the spans that the model gives. */
  predicted: ReadonlySet<number>;
  /** Share of the code's evidence that each word of the note gets. */
  weights: ArrayLike<number>;
}

export interface EvidenceFigures {
  pairs: number;
  /** Over the words of all pairs. */
  precision: number;
  recall: number;
  f1: number;
  /** Words in both over words in either, mean over pairs. */
  iou: number;
  /** Share of pairs with a word in both. */
  hit: number;
  /** Share of the evidence that lies on annotated words, mean over pairs. */
  mass: number;
}

/** @param pairs each with annotated words */
export function evidenceFigures(pairs: readonly EvidencePair[]): EvidenceFigures {
  const shared = pairs.map(({ gold, predicted }) => [...predicted].filter((word) => gold.has(word)).length);
  const total = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n, 0);
  const [gold, predicted] = [total(pairs.map((pair) => pair.gold.size)), total(pairs.map((pair) => pair.predicted.size))];
  const [precision, recall] = [ratio(total(shared), predicted), ratio(total(shared), gold)];
  return {
    pairs: pairs.length,
    precision,
    recall,
    f1: harmonicMean(precision, recall),
    iou: meanDefined(pairs.map((pair, i) => shared[i]! / (pair.gold.size + pair.predicted.size - shared[i]!))),
    hit: meanDefined(shared.map((n) => Number(n > 0))),
    mass: meanDefined(pairs.map((pair) => total([...pair.gold].map((word) => pair.weights[word]!)))),
  };
}

/** Codes by falling probability; equally probable ones in the order of the labels. */
import type { PredictedCode } from './predictor.js';

export const byProbability = (codes: readonly PredictedCode[]): PredictedCode[] => [...codes].sort((a, b) => b.probability - a.probability);

export interface RankedLabels {
  labels: readonly { kind?: string; system: string; code: string; title?: string }[];
  isPredicted(probability: number, label: number): boolean;
}

/**
 * What of a label is the same in every prediction is put together once: thousands of labels for each record are what a server spends its time on.
 * @returns probabilities, which begin with those of the labels in their order → all labels as codes
 */
export function rankingOf({ labels, isPredicted }: RankedLabels): (probabilities: Float32Array) => PredictedCode[] {
  const named = labels.map(({ kind, system, code, title }) => ({ ...(kind && { kind }), system, code, ...(title !== undefined && { title }) }));
  return (probabilities) => byProbability(named.map((code, label) => ({ ...code, probability: probabilities[label]!, predicted: isPredicted(probabilities[label]!, label) })));
}

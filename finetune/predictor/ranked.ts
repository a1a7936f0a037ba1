/** Codes by falling probability; equally probable ones in the order of the labels. */
import type { PredictedCode } from './predictor.js';

export interface RankedLabels {
  labels: readonly { kind?: string; system: string; code: string; title?: string }[];
  isPredicted(probability: number, label: number): boolean;
}

/**
 * Thousands of labels for each record are what a server would spend its time on: what of a label is the same in every prediction is put together
 * once, and only the labels asked for become codes.
 * @returns probabilities, which begin with those of the labels in their order → the `top` most probable codes, and all that are predicted
 */
export function rankingOf({ labels, isPredicted }: RankedLabels): (probabilities: Float32Array, top?: number) => PredictedCode[] {
  const named = labels.map(({ kind, system, code, title }) => ({ ...(kind && { kind }), system, code, ...(title !== undefined && { title }) }));
  return (probabilities, top = Infinity) => {
    const order = Uint32Array.from(named.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
    const codes: PredictedCode[] = [];
    order.forEach((label, rank) => {
      const [probability, predicted] = [probabilities[label]!, isPredicted(probabilities[label]!, label)];
      if (rank < top || predicted) codes.push({ ...named[label]!, probability, predicted });
    });
    return codes;
  };
}

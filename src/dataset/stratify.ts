/**
 * Iterative stratification (Sechidis, Tsoumakas, Vlahavas, ECML 2011, algorithm 1): divides examples with several labels each so that every label has
 * its share of every part. The label with the fewest examples left is dealt out first, each of its examples to the part that lacks most of it.
 */
import { createRng, type Rng } from '../core/rng.js';

export interface StratifyOptions {
  /** Labels of each example, in any order. */
  labels: readonly (readonly string[])[];
  /** Share of each part; they add up to 1. */
  shares: readonly number[];
  seed: number;
}

/** What is still to be dealt out, and what each part still lacks. */
interface Deal {
  rng: Rng;
  /** Examples of each label. */
  examples: number[][];
  /** Examples of each label that no part has yet. */
  left: Int32Array;
  /** [label][part]. */
  lackOfLabel: Float64Array[];
  lackOfExamples: number[];
}

/** @returns the part of each example; the same for the same examples in the same order */
export function stratify({ labels, shares, seed }: StratifyOptions): Int8Array {
  const names = [...new Set(labels.flat())].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const indices = labels.map((own) => [...new Set(own)].map((name) => index.get(name)!));
  const examples: number[][] = names.map(() => []);
  indices.forEach((own, example) => own.forEach((label) => examples[label]!.push(example)));
  const deal: Deal = {
    rng: createRng(seed, 'stratify'),
    examples,
    left: Int32Array.from(examples, (own) => own.length),
    lackOfLabel: examples.map((own) => Float64Array.from(shares, (share) => share * own.length)),
    lackOfExamples: shares.map((share) => share * labels.length),
  };
  const parts = new Int8Array(labels.length).fill(-1);
  for (let label = rarest(deal); label >= 0; label = rarest(deal)) {
    for (const example of deal.examples[label]!) if (parts[example] === -1) parts[example] = assign(deal, indices[example]!, deal.lackOfLabel[label]!);
  }
  indices.forEach((own, example) => {
    if (parts[example] === -1) parts[example] = assign(deal, own, deal.lackOfExamples);
  });
  return parts;
}

/** The label with the fewest examples left, −1 when all are dealt out. */
function rarest({ left }: Deal): number {
  let best = -1;
  for (let label = 0; label < left.length; label++) if (left[label]! > 0 && (best < 0 || left[label]! < left[best]!)) best = label;
  return best;
}

/** Deals one example to the part that lacks most of `wanted`; of equals to the one that lacks most examples, then by chance. */
function assign({ rng, left, lackOfLabel, lackOfExamples }: Deal, labels: readonly number[], wanted: ArrayLike<number>): number {
  const parts = lackOfExamples.map((_, part) => part);
  const most = (of: readonly number[], lack: ArrayLike<number>): number[] => {
    const highest = Math.max(...of.map((part) => lack[part]!));
    return of.filter((part) => lack[part] === highest);
  };
  const candidates = most(most(parts, wanted), lackOfExamples);
  const part = candidates[candidates.length > 1 ? rng.integer(candidates.length) : 0]!;
  for (const label of labels) {
    left[label]!--;
    lackOfLabel[label]![part]!--;
  }
  lackOfExamples[part]!--;
  return part;
}

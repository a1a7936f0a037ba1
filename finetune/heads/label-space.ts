/** The labels of a head that predicts codes, and what it knows of each before it has read anything. */
import type { CodeKind } from '../../src/dataset/index.js';

/** Codes of one kind, one a label. */
export interface LabelGroup {
  kind: CodeKind;
  /** Their rows in the kind's vocabulary. */
  rows: Int32Array;
}

/** L labels: those of the groups, end to end. */
export interface LabelSpace {
  groups: readonly LabelGroup[];
  /** [L]: share of the training visits that carry each label; for those that none carries, a guess above 0. */
  shares: readonly number[];
  /**
   * Places of the labels that training visits carry, where not all do. The others take no part in training, have no parameters of their own, and are
   * scored by what their codes and titles have in common with those of the learnt ones (docs/decisions/0071).
   */
  learnt?: Int32Array;
  /** Word pieces of each label's title, none where it has no title; absent unless the head reads titles. */
  titles?: readonly Int32Array[];
}

/** Consecutive parts of the values, of the given lengths. */
export function partsOf<Values extends Float32Array | Uint8Array>(values: Values, lengths: readonly number[]): Values[] {
  const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
  return ends.map((end, i) => values.subarray(end - lengths[i]!, end) as Values);
}

/** [L]: 1 where a label is learnt; undefined where all are. */
export function learntFlags({ shares, learnt }: LabelSpace): Float32Array | undefined {
  if (!learnt) return undefined;
  const flags = new Float32Array(shares.length);
  for (const label of learnt) flags[label] = 1;
  return flags;
}

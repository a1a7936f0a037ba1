/** Ranking metrics of each visit, all computed from the ranks that its gold labels reach. */
import { meanDefined } from './mean.js';
import type { LabelMatrix } from './matrix.js';

export interface GoldRanks {
  /** For each visit the ranks (from 1, ascending) of its gold labels inside the label space. */
  ranks: Int32Array[];
  /** [V]: gold codes of each visit, including those outside the label space. A visit with 0 is undefined (NaN) in every metric. */
  goldCounts: Int32Array;
}

/**
 * Ranks by descending score; among equal scores the label with the lower index comes first.
 * Counting what lies above each gold label takes one pass a label: with a dozen gold codes a visit, cheaper than sorting.
 */
export function rankGold({ scores, labels, V, L }: LabelMatrix, goldCounts: Int32Array): GoldRanks {
  const ranks = Array.from({ length: V }, (_, v) => {
    const row = scores.subarray(v * L, (v + 1) * L);
    const gold: number[] = [];
    for (let l = 0; l < L; l++) if (labels[v * L + l]) gold.push(l);
    return Int32Array.from(gold, (label) => rankOf(row, label)).sort();
  });
  return { ranks, goldCounts };
}

function rankOf(row: Float32Array | Float64Array, label: number): number {
  const score = row[label]!;
  let rank = 1;
  for (let l = 0; l < label; l++) if (row[l]! >= score) rank++;
  for (let l = label + 1; l < row.length; l++) if (row[l]! > score) rank++;
  return rank;
}

const hitsWithin = (ranks: Int32Array, depth: number): number => {
  let hits = 0;
  while (hits < ranks.length && ranks[hits]! <= depth) hits++;
  return hits;
};

const eachVisit = ({ ranks, goldCounts }: GoldRanks, value: (ranks: Int32Array, gold: number) => number): Float64Array =>
  Float64Array.from(ranks, (visitRanks, v) => (goldCounts[v] ? value(visitRanks, goldCounts[v]!) : NaN));

/** Share of the first k labels that are gold, [V]. */
export const precisionAt = (gold: GoldRanks, k: number): Float64Array => eachVisit(gold, (ranks) => hitsWithin(ranks, k) / k);

/** Share of the visit's gold codes (outside the label space too) among the first k labels, [V]. */
export const recallAt = (gold: GoldRanks, k: number): Float64Array => eachVisit(gold, (ranks, count) => hitsWithin(ranks, k) / count);

/** Precision at the number of the visit's gold codes (outside the label space too), [V]. */
export const rPrecision = (gold: GoldRanks): Float64Array => eachVisit(gold, (ranks, count) => hitsWithin(ranks, count) / count);

/** Mean over the visit's gold codes of the precision at their rank; codes not ranked within `depth` count 0, [V]. */
export const averagePrecisionOfVisits = (gold: GoldRanks, depth = Infinity): Float64Array =>
  eachVisit(gold, (ranks, count) => averagePrecisionAt(ranks, count, depth));

/** Average precision of one ranked list. @param ranks ascending, from 1 @param gold number of relevant items in all */
export function averagePrecisionAt(ranks: ArrayLike<number>, gold: number, depth = Infinity): number {
  let total = 0;
  for (let i = 0; i < ranks.length && ranks[i]! <= depth; i++) total += (i + 1) / ranks[i]!;
  return total / gold;
}

/** Mean over the visits that have gold codes. */
export const meanAveragePrecision = (gold: GoldRanks, depth?: number): number => meanDefined(averagePrecisionOfVisits(gold, depth));

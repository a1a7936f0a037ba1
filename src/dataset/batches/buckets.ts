/** Few token lengths for many notes: each length is one compiled program, and what a note falls short of it is padding. */

/** Lengths are multiples of this, which suits matrix kernels. */
const STEP = 32;

export interface BucketOptions {
  /** Longest input, [CLS] and [SEP] included. */
  maxTokens: number;
  /** Most lengths. */
  count: number;
  /** Longer inputs are read in windows of this many tokens: lengths above it are multiples of it. */
  window?: number;
}

/** The smallest bucket that holds `length` tokens; the largest where none does (the note is then cut). */
export const bucketOf = (length: number, buckets: readonly number[]): number => buckets.find((edge) => length <= edge) ?? buckets.at(-1)!;

/** How many notes end at each multiple of STEP (of the window, where longer), and `maxTokens` for the rest. */
function histogram(lengths: Iterable<number>, maxTokens: number, window: number): Map<number, number> {
  const notes = new Map<number, number>();
  for (const length of lengths) {
    const step = length <= window ? STEP : window;
    const rounded = Math.max(step, Math.ceil(length / step) * step);
    const edge = Math.min(maxTokens, length <= window ? Math.min(rounded, window) : rounded);
    notes.set(edge, (notes.get(edge) ?? 0) + 1);
  }
  return notes;
}

/** cuts[k][j]: where the k-th of k buckets begins when they cover the j shortest edges with the fewest tokens, padding included. */
function cheapestCuts(edges: readonly number[], notes: ReadonlyMap<number, number>, count: number): number[][] {
  const upTo = [0];
  for (const edge of edges) upTo.push(upTo.at(-1)! + notes.get(edge)!);
  let cost = [0, ...edges.map(() => Infinity)];
  const cuts: number[][] = [[]];
  for (let k = 1; k <= count; k++) {
    const next = cost.map(() => Infinity);
    const cut: number[] = [];
    for (let j = 1; j <= edges.length; j++) {
      for (let i = 0; i < j; i++) {
        const tokens = cost[i]! + edges[j - 1]! * (upTo[j]! - upTo[i]!);
        if (tokens < next[j]!) [next[j], cut[j]] = [tokens, i];
      }
    }
    cuts.push(cut);
    cost = next;
  }
  return cuts;
}

/**
 * Chooses bucket lengths that minimise padding, by dynamic programming over the lengths that occur.
 * @param lengths tokens of each note, [CLS] and [SEP] included
 * @returns ascending lengths, at most `count`; a single one of STEP when there are no notes
 */
export function chooseBuckets(lengths: Iterable<number>, { maxTokens, count, window = Infinity }: BucketOptions): number[] {
  const notes = histogram(lengths, maxTokens, window);
  const edges = [...notes.keys()].sort((a, b) => a - b);
  if (!edges.length) return [Math.min(STEP, maxTokens)];
  const most = Math.min(count, edges.length);
  const cuts = cheapestCuts(edges, notes, most);
  const chosen: number[] = [];
  for (let k = most, j = edges.length; k > 0; k--) {
    chosen.unshift(edges[j - 1]!);
    j = cuts[k]![j]!;
  }
  return chosen;
}

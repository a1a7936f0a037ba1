/** Few text shapes for many notes: each shape is one compiled program, and what a note falls short of it is padding. */
import type { ChunkGrid } from './chunks.js';

/** Widths are multiples of this, which suits matrix kernels. */
const STEP = 32;

export interface BucketOptions {
  /** Longest chunk: wider ones do not occur. */
  window: number;
  /** Most shapes. */
  count: number;
}

const tokensIn = ({ chunks, width }: ChunkGrid): number => chunks * width;

const holds = (bucket: ChunkGrid, note: ChunkGrid): boolean => note.chunks <= bucket.chunks && note.width <= bucket.width;

/** The smallest bucket that holds a note. @param buckets of {@link chooseBuckets} for notes among which this one was */
export function bucketOf(note: ChunkGrid, buckets: readonly ChunkGrid[]): ChunkGrid {
  const fitting = buckets.filter((bucket) => holds(bucket, note));
  return fitting.reduce((best, bucket) => (tokensIn(bucket) < tokensIn(best) ? bucket : best), fitting[0] ?? buckets.at(-1)!);
}

interface Counted extends ChunkGrid {
  notes: number;
}

/** The different shapes, widths rounded up, by number of chunks and then by width. */
function histogram(grids: Iterable<ChunkGrid>, window: number): Counted[] {
  const counted = new Map<string, Counted>();
  for (const { chunks, width } of grids) {
    const rounded = Math.min(window, Math.ceil(width / STEP) * STEP);
    const key = `${chunks} ${rounded}`;
    const known = counted.get(key);
    if (known) known.notes++;
    else counted.set(key, { chunks, width: rounded, notes: 1 });
  }
  return [...counted.values()].sort((a, b) => a.chunks - b.chunks || a.width - b.width);
}

/** The shape that holds `shapes[from]` … `shapes[to − 1]`. */
function hull(shapes: readonly Counted[], from: number, to: number): ChunkGrid {
  const width = shapes.slice(from, to).reduce((widest, shape) => Math.max(widest, shape.width), 0);
  return { chunks: shapes[to - 1]!.chunks, width };
}

/**
 * Chooses the shapes that minimise padding, by dynamic programming over the shapes that occur, in order: a bucket holds neighbours.
 * @returns at most `count` shapes in ascending order; a single small one when there are no notes
 */
export function chooseBuckets(grids: Iterable<ChunkGrid>, { window, count }: BucketOptions): ChunkGrid[] {
  const shapes = histogram(grids, window);
  if (!shapes.length) return [{ chunks: 1, width: Math.min(STEP, window) }];
  const cuts = cheapestCuts(shapes, Math.min(count, shapes.length));
  const chosen: ChunkGrid[] = [];
  for (let k = cuts.length - 1, end = shapes.length; k > 0; k--) {
    const begin = cuts[k]![end]!;
    chosen.unshift(hull(shapes, begin, end));
    end = begin;
  }
  return chosen;
}

/** cuts[k][j]: where the k-th of k buckets begins when they cover the j first shapes with the fewest tokens, padding included. */
function cheapestCuts(shapes: readonly Counted[], count: number): number[][] {
  const notesUpTo = [0];
  for (const { notes } of shapes) notesUpTo.push(notesUpTo.at(-1)! + notes);
  let cost = [0, ...shapes.map(() => Infinity)];
  const cuts: number[][] = [[]];
  for (let k = 1; k <= count; k++) {
    const next = cost.map(() => Infinity);
    const cut: number[] = [];
    for (let j = 1; j <= shapes.length; j++) {
      let width = 0;
      for (let i = j - 1; i >= 0; i--) {
        width = Math.max(width, shapes[i]!.width);
        const tokens = cost[i]! + shapes[j - 1]!.chunks * width * (notesUpTo[j]! - notesUpTo[i]!);
        if (tokens < next[j]!) [next[j], cut[j]] = [tokens, i];
      }
    }
    cuts.push(cut);
    cost = next;
  }
  return cuts;
}

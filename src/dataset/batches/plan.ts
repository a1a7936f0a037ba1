/** Which visits go together: batches of visits of similar length, the same for equal seeds. */
import { shapeError } from '../../core/errors.js';
import { createRng } from '../../core/rng.js';
import type { CodeKind } from '../config.js';
import type { VisitColumns } from '../open.js';
import { bucketOf, chooseBuckets } from './buckets.js';
import { gridOf, type ChunkGrid, type Chunking } from './chunks.js';

/** What decides the shapes of batches; fixed for a run, so that training and evaluation share compiled programs. */
export interface BatchShapes {
  batchSize: number;
  chunking: Chunking;
  /** Text shapes in ascending order. */
  textBuckets: ChunkGrid[];
  /** Codes of each kind, [CLS] included. */
  codeWidths: Record<CodeKind, number>;
}

export interface ShapeOptions {
  batchSize: number;
  chunking: Chunking;
  /** Most different text shapes. */
  buckets?: number;
  /** Most codes of a kind, [CLS] not included. */
  maxCodes?: number;
}

export interface BatchPlan extends Pick<BatchShapes, 'chunking' | 'codeWidths'> {
  /** B rows of the data set; −1 for padding rows at the end. */
  rows: Int32Array;
  /** C and W. */
  text: ChunkGrid;
}

export interface PlanOptions extends BatchShapes {
  /** Shuffle visits and batches, differently in each epoch; without it batches are in the order of rows. */
  shuffle?: { seed: number; epoch: number };
}

/** Chooses shapes for a data set: text shapes that minimise padding, and for each kind of code the widest visit's number, up to a limit. */
export function chooseShapes({ tokens, codes }: VisitColumns, { batchSize, chunking, buckets = 6, maxCodes = 61 }: ShapeOptions): BatchShapes {
  const rows = Array.from({ length: tokens.size }, (_, row) => row);
  const widest = (kind: CodeKind): number => rows.reduce((most, row) => Math.max(most, Math.min(maxCodes, codes[kind].lengthOf(row))), 0);
  const withText = rows.filter((row) => tokens.lengthOf(row) > 0);
  const window = Math.min(chunking.window, chunking.maxTokens);
  return {
    batchSize,
    chunking,
    textBuckets: chooseBuckets(withText.map((row) => gridOf(tokens.lengthOf(row), chunking)), { window, count: buckets }),
    codeWidths: { dx: 1 + widest('dx'), rx: 1 + widest('rx'), px: 1 + widest('px') },
  };
}

function inBatches(rows: readonly number[], text: ChunkGrid, { batchSize, chunking, codeWidths }: BatchShapes): BatchPlan[] {
  const plans: BatchPlan[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = new Int32Array(batchSize).fill(-1);
    batch.set(rows.slice(start, start + batchSize));
    plans.push({ rows: batch, text, chunking, codeWidths });
  }
  return plans;
}

/**
 * Divides visits into batches by the shape of their text. Visits without text go with the shortest ones.
 * @param rows rows of the data set, e.g. `dataset.rowsOf('train')`
 * @returns every row in exactly one batch; the last batch of each bucket may have padding rows
 */
export function planBatches({ tokens }: VisitColumns, rows: ArrayLike<number>, options: PlanOptions): BatchPlan[] {
  const { textBuckets, chunking, shuffle } = options;
  const rng = shuffle && createRng(shuffle.seed, 'batches', shuffle.epoch);
  const ordered = rng ? rng.split('rows').shuffle(Array.from(rows)) : Array.from(rows);
  const inBucket = new Map(textBuckets.map((bucket): [ChunkGrid, number[]] => [bucket, []]));
  for (const row of ordered) inBucket.get(bucketOf(gridOf(tokens.lengthOf(row), chunking), textBuckets))!.push(row);
  const plans = [...inBucket].flatMap(([bucket, members]) => inBatches(members, bucket, options));
  return rng ? rng.split('batches').shuffle(plans) : plans;
}

/** Visits of a plan that are no padding. */
export const visitsIn = ({ rows }: BatchPlan): number => rows.reduce((count, row) => count + Number(row >= 0), 0);

/**
 * Divides groups of visits that belong together (a patient's) into batches; a group is never split.
 * @param groups each of at most `batchSize` rows
 * @returns batches with the groups end to end, in the order of each group
 */
export function planGroups({ tokens }: VisitColumns, groups: readonly (readonly number[])[], options: PlanOptions): BatchPlan[] {
  const { textBuckets, chunking, batchSize, shuffle } = options;
  const rng = shuffle && createRng(shuffle.seed, 'groups', shuffle.epoch);
  const inBucket = new Map(textBuckets.map((bucket): [ChunkGrid, number[][]] => [bucket, []]));
  for (const group of rng ? rng.split('rows').shuffle([...groups]) : groups) {
    if (group.length > batchSize) throw shapeError(`batches: a group of ${group.length} visits does not fit a batch of ${batchSize}`);
    const grids = group.map((row) => gridOf(tokens.lengthOf(row), chunking));
    const widest = { chunks: Math.max(...grids.map(({ chunks }) => chunks)), width: Math.max(...grids.map(({ width }) => width)) };
    const batches = inBucket.get(bucketOf(widest, textBuckets))!;
    const last = batches.at(-1);
    if (last && last.length + group.length <= batchSize) last.push(...group);
    else batches.push([...group]);
  }
  const plans = [...inBucket].flatMap(([bucket, batches]) => batches.flatMap((rows) => inBatches(rows, bucket, options)));
  return rng ? rng.split('batches').shuffle(plans) : plans;
}

/** Which visits go together: batches of visits of similar length, the same for equal seeds. */
import { createRng } from '../../core/rng.js';
import type { CodeKind } from '../config.js';
import type { Dataset } from '../open.js';
import { bucketOf, chooseBuckets } from './buckets.js';

/** [CLS] and [SEP]. */
export const TEXT_SPECIALS = 2;

/** What decides the shapes of batches; fixed for a run, so that training and evaluation share compiled programs. */
export interface BatchShapes {
  batchSize: number;
  /** Token lengths in ascending order, [CLS] and [SEP] included. */
  lengthBuckets: number[];
  /** Codes of each kind, [CLS] included. */
  codeWidths: Record<CodeKind, number>;
}

export interface ShapeOptions {
  batchSize: number;
  /** Longest text input, [CLS] and [SEP] included. */
  maxTokens: number;
  /** See `BucketOptions`. */
  window?: number;
  /** Most different token lengths. */
  buckets?: number;
  /** Most codes of a kind, [CLS] not included. */
  maxCodes?: number;
}

export interface BatchPlan {
  /** B rows of the data set; −1 for padding rows at the end. */
  rows: Int32Array;
  /** T. */
  tokenLength: number;
  codeWidths: Record<CodeKind, number>;
}

export interface PlanOptions extends Pick<BatchShapes, 'batchSize' | 'lengthBuckets' | 'codeWidths'> {
  /** Shuffle visits and batches, differently in each epoch; without it batches are in the order of rows. */
  shuffle?: { seed: number; epoch: number };
}

const inputLength = (dataset: Dataset, row: number): number => dataset.tokens.lengthOf(row) + TEXT_SPECIALS;

/** Chooses shapes for a data set: token buckets that minimise padding, and for each kind of code the widest visit's number, up to a limit. */
export function chooseShapes(dataset: Dataset, { batchSize, maxTokens, window, buckets = 4, maxCodes = 61 }: ShapeOptions): BatchShapes {
  const rows = Array.from(dataset.visitIds.keys());
  const widest = (kind: CodeKind): number => rows.reduce((most, row) => Math.max(most, Math.min(maxCodes, dataset.codes[kind].lengthOf(row))), 0);
  const withText = rows.filter((row) => dataset.tokens.lengthOf(row) > 0);
  return {
    batchSize,
    lengthBuckets: chooseBuckets(withText.map((row) => inputLength(dataset, row)), { maxTokens, count: buckets, window }),
    codeWidths: { dx: 1 + widest('dx'), rx: 1 + widest('rx'), px: 1 + widest('px') },
  };
}

function chunks(rows: readonly number[], tokenLength: number, { batchSize, codeWidths }: BatchShapes): BatchPlan[] {
  const plans: BatchPlan[] = [];
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = new Int32Array(batchSize).fill(-1);
    batch.set(rows.slice(start, start + batchSize));
    plans.push({ rows: batch, tokenLength, codeWidths });
  }
  return plans;
}

/**
 * Divides visits into batches by token length. Visits without text go into the shortest bucket.
 * @param rows rows of the data set, e.g. `dataset.rowsOf('train')`
 * @returns every row in exactly one batch; the last batch of each bucket may have padding rows
 */
export function planBatches(dataset: Dataset, rows: ArrayLike<number>, options: PlanOptions): BatchPlan[] {
  const { lengthBuckets, shuffle } = options;
  const rng = shuffle && createRng(shuffle.seed, 'batches', shuffle.epoch);
  const ordered = rng ? rng.split('rows').shuffle(Array.from(rows)) : Array.from(rows);
  const inBucket = new Map(lengthBuckets.map((edge): [number, number[]] => [edge, []]));
  for (const row of ordered) inBucket.get(bucketOf(inputLength(dataset, row), lengthBuckets))!.push(row);
  const plans = [...inBucket].flatMap(([edge, members]) => chunks(members, edge, options));
  return rng ? rng.split('batches').shuffle(plans) : plans;
}

/** Visits of a plan that are no padding. */
export const visitsIn = ({ rows }: BatchPlan): number => rows.reduce((count, row) => count + Number(row >= 0), 0);

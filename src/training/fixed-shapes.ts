/** Batches for visits that come one by one, in few shapes that are known beforehand: as small as their visits allow, and never too much at once. */
import { codeKinds, visitsIn, type BatchPlan, type BatchShapes, type CodeKind, type VisitColumns } from '../dataset/index.js';

export interface FixedShapes extends Pick<BatchShapes, 'textBuckets'> {
  /** Ascending; the last is what batches are planned with. */
  batchSizes: readonly number[];
  /** Ascending; codes beyond the last are not read. */
  codeWidths: readonly Record<CodeKind, number>[];
  /** Tokens of a batch at most, padding included, unless a single visit has more. */
  tokensAtOnce: number;
}

const tokensOf = ({ text: { chunks, width } }: BatchPlan): number => chunks * width;

/** Visits of the largest batch that a text shape allows. */
export function largestBatch({ batchSizes, tokensAtOnce }: FixedShapes, tokens: number): number {
  return batchSizes.findLast((size) => size * tokens <= tokensAtOnce) ?? batchSizes[0]!;
}

/** Cuts a batch down to the smallest shape that holds its visits, which come first in a plan, padding last. */
export function withoutPadding(plan: BatchPlan, { codes }: VisitColumns, { batchSizes, codeWidths }: FixedShapes): BatchPlan {
  const count = visitsIn(plan);
  const holds = (widths: Record<CodeKind, number>): boolean => plan.rows.every((row) => row < 0 || codeKinds.every((kind) => codes[kind].lengthOf(row) < widths[kind]));
  return { ...plan, rows: plan.rows.slice(0, batchSizes.find((size) => size >= count) ?? plan.rows.length), codeWidths: codeWidths.find(holds) ?? codeWidths.at(-1)! };
}

/** The same visits in batches of at most `tokensAtOnce`. */
export function inSmallerBatches(plan: BatchPlan, shapes: FixedShapes): BatchPlan[] {
  const size = largestBatch(shapes, tokensOf(plan));
  const parts = Math.max(1, Math.ceil(visitsIn(plan) / size));
  return Array.from({ length: parts }, (_, part) => ({ ...plan, rows: plan.rows.slice(part * size, (part + 1) * size) }));
}

/** Batches of visits from a data set, in the few shapes that a run compiles programs for. */
import { chooseShapes, codeKinds, fillBatch, planBatches, type Batch as FilledBatch, type BatchPlan, type CodeKind, type Dataset } from '../dataset/index.js';
import type { ModelConfig } from '../encoders/config.js';
import type { VisitRows } from '../encoders/visit-batch.js';

export interface VisitSource {
  /** Kinds of codes that have a vocabulary. */
  kinds: CodeKind[];
  /** Plans batches over rows of the data set; shuffled by (seed, epoch), or in row order. */
  plan(rows: Int32Array, shuffle?: { seed: number; epoch: number }): BatchPlan[];
  fill(plan: BatchPlan): VisitRows;
}

export function createVisitSource(dataset: Dataset, { text, codes }: ModelConfig, batchSize: number): VisitSource {
  const kinds = kindsOf(dataset);
  const shapes = chooseShapes(dataset, { batchSize, maxTokens: text.max_tokens, window: text.window, maxCodes: codes.max_codes });
  return {
    kinds,
    plan: (rows, shuffle) => planBatches(dataset, rows, { ...shapes, shuffle }),
    fill: (plan) => visitRows(fillBatch(dataset, plan), kinds),
  };
}

export const kindsOf = ({ vocabulary }: Dataset): CodeKind[] => codeKinds.filter((kind) => vocabulary.kinds[kind].length > 0);

function visitRows({ rows, tokenLength, ids, textMask, hasText, codes }: FilledBatch, kinds: readonly CodeKind[]): VisitRows {
  return {
    batch: rows.length,
    text: { width: tokenLength, ids, mask: textMask, present: hasText },
    codes: Object.fromEntries(kinds.map((kind) => [kind, codes[kind]])),
  };
}

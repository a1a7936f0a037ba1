/** The batch shapes that a model serves: few enough to compile them all, close enough to what comes. */
import type { CodeKind, Vocabulary } from '../../src/dataset/index.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import type { VisitShapes } from '../../src/training/visit-source.js';

/** Visits that are read together at most. */
export const LARGEST_BATCH = 32;
const BATCH_SIZES = [1, 4, 12, LARGEST_BATCH];
/** Shortest text shape; each further one is twice as long. */
const SHORTEST = 64;

/** @param smallest visits that the smallest batch must hold: a visit and its past */
export function servingShapes({ text: { window, max_tokens }, codes: { max_codes } }: ModelConfig, { kinds }: Vocabulary, smallest: number): VisitShapes & { batchSize: number } {
  const width = Math.min(window, max_tokens);
  const widths = [...doubling(SHORTEST, width)].map((one) => ({ chunks: 1, width: one }));
  const chunks = [...doubling(2, Math.max(1, Math.floor(max_tokens / window)))].map((count) => ({ chunks: count, width }));
  const codeWidth = (kind: CodeKind): number => 1 + (kinds[kind].length ? max_codes : 0);
  const batchSize = Math.max(LARGEST_BATCH, smallest);
  return {
    textBuckets: [...widths, ...(max_tokens < 2 * window ? [] : chunks)],
    codeWidths: { dx: codeWidth('dx'), rx: codeWidth('rx'), px: codeWidth('px') },
    batchSizes: [...BATCH_SIZES.filter((size) => size >= smallest && size < batchSize), batchSize],
    batchSize,
  };
}

/** from, 2 · from, … and `last`. */
function* doubling(from: number, last: number): Generator<number> {
  for (let value = from; value < last; value *= 2) yield value;
  yield last;
}

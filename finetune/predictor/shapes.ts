/** The batch shapes that a model serves: few enough to compile them all, close enough to what comes. */
import type { CodeKind, Vocabulary } from '../../src/dataset/index.js';
import type { ModelConfig } from '../../src/encoders/config.js';
import type { FixedShapes } from '../../src/training/fixed-shapes.js';

/** Visits that are read together at most. */
export const LARGEST_BATCH = 32;
const BATCH_SIZES = [1, 4, 16, LARGEST_BATCH];
/** Shortest text shape; each further one is twice as long. */
const SHORTEST = 64;
/** Most visits have fewer codes of a kind than a model reads at most. */
const FEW_CODES = 15;
/** Keeps the memory of a batch, and the time that others wait for it, within bounds. */
const TOKENS_AT_ONCE = 16_384;

/** @param smallest visits that the smallest batch must hold: a visit and its past */
export function servingShapes({ text: { window, max_tokens }, codes: { max_codes } }: ModelConfig, { kinds }: Vocabulary, smallest: number): FixedShapes {
  const width = Math.min(window, max_tokens);
  const widths = [...doubling(SHORTEST, width)].map((one) => ({ chunks: 1, width: one }));
  const chunks = [...doubling(2, Math.max(1, Math.floor(max_tokens / window)))].map((count) => ({ chunks: count, width }));
  const codeWidths = (most: number): Record<CodeKind, number> => {
    const widthOf = (kind: CodeKind): number => 1 + (kinds[kind].length ? most : 0);
    return { dx: widthOf('dx'), rx: widthOf('rx'), px: widthOf('px') };
  };
  const largest = Math.max(LARGEST_BATCH, smallest);
  return {
    textBuckets: [...widths, ...(max_tokens < 2 * window ? [] : chunks)],
    codeWidths: [...(max_codes > FEW_CODES ? [codeWidths(FEW_CODES)] : []), codeWidths(max_codes)],
    batchSizes: [...BATCH_SIZES.filter((size) => size >= smallest && size < largest), largest],
    tokensAtOnce: TOKENS_AT_ONCE,
  };
}

/** from, 2 · from, … and `last`. */
function* doubling(from: number, last: number): Generator<number> {
  for (let value = from; value < last; value *= 2) yield value;
  yield last;
}

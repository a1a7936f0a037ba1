/** The text of a note from its tokens: what the model reads, for baselines that want words. */
import type { Dataset } from '../../src/dataset/index.js';

/** @returns row → words separated by spaces; pieces are joined, unknown words left out */
export const noteTexts =
  ({ tokens, tokenizer }: Dataset) =>
  (row: number): string =>
    tokenizer.decode(tokens.row(row));

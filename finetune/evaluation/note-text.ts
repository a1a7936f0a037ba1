/** The text of a note from its word pieces: what the model reads, for baselines that want words. */
import type { Dataset } from '../../src/dataset/index.js';

/** @returns row → words separated by spaces; pieces are joined, unknown words left out */
export function noteTexts({ tokens, tokenizer }: Dataset): (row: number) => string {
  const pieces = new Map(Array.from(tokenizer.vocabulary, ([piece, id]) => [id, piece]));
  return (row) =>
    Array.from(tokens.row(row), (id) => (id === tokenizer.special.unk ? '' : pieces.get(id)!))
      .join(' ')
      .replaceAll(' ##', '');
}

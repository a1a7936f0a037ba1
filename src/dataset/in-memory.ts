/** Visits that are in no data directory, in the form that batches are made from. */
import { codeKinds, type CodeKind } from './config.js';
import type { VisitColumns } from './open.js';
import { raggedFrom, type Ragged } from './ragged.js';

export interface VisitInMemory {
  /** The tokenizer's ids without [CLS] and [SEP]. */
  tokens: Int32Array;
  /** Vocabulary ids. */
  codes: Record<CodeKind, readonly number[]>;
}

export function visitsInMemory(visits: readonly VisitInMemory[], { vocabulary, tokenizer }: Pick<VisitColumns, 'vocabulary' | 'tokenizer'>): VisitColumns {
  const codesOf = (kind: CodeKind): Ragged => raggedFrom(visits.map(({ codes }) => codes[kind]));
  return {
    vocabulary,
    tokenizer,
    tokens: raggedFrom(visits.map(({ tokens }) => tokens)),
    codes: Object.fromEntries(codeKinds.map((kind) => [kind, codesOf(kind)])) as Record<CodeKind, Ragged>,
  };
}

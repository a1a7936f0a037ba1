/** The titles of a vocabulary's codes, cut as the notes are. */
import type { CodeKind, VisitColumns } from '../../src/dataset/index.js';
import type { FinetuneConfig } from '../config.js';
import { labelSources } from '../heads/label-embeddings.js';

/** Kind → word pieces of each code's title, none where it has no title. */
export type TitlePieces = Partial<Record<CodeKind, readonly Int32Array[]>>;

/** Titles of ICD-10-CM have 30 pieces at most where English is the tokenizer's language, and say what matters first. */
const LONGEST = 32;

/** @returns undefined where the configured head does not read titles */
export async function readTitlePieces({ vocabulary, tokenizer }: Pick<VisitColumns, 'vocabulary' | 'tokenizer'>, { head, labels }: FinetuneConfig): Promise<TitlePieces | undefined> {
  if (!labelSources(head).titles) return undefined;
  const entries = labels.kinds.map(async (kind) => [kind, await tokenizer.encode(vocabulary.kinds[kind].map(({ title = '' }) => title), LONGEST)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

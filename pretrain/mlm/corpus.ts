/** The notes that masked-language modelling reads: every visit of a split that has text, with labels or without. */
import { dataError } from '../../src/core/errors.js';
import { chunksOf, type BatchPlan, type Chunking, type Dataset, type SplitName } from '../../src/dataset/index.js';
import { predictedCount, type MaskingTokens } from './masking.js';
import type { TokenMasking } from './config.js';

export interface Corpus {
  /** Rows of the data set. */
  rows: Int32Array;
  /** Tokens that are read, [CLS] and [SEP] not counted. */
  tokens: number;
  /** Tokens beyond `model.text.max_tokens`, which are not. */
  unread: number;
}

/** @throws data error when no note of the split has text */
export function corpusOf(dataset: Dataset, split: SplitName, chunking: Chunking): Corpus {
  const rows = dataset.rowsOf(split).filter((row) => dataset.tokens.lengthOf(row) > 0);
  if (!rows.length) throw dataError(`${dataset.dir}: no visit of the ${split} split has text; masked-language modelling needs notes in train (to learn) and in dev (to know when to stop): see prepare.split`);
  const all = rows.reduce((sum, row) => sum + dataset.tokens.lengthOf(row), 0);
  const tokens = rows.reduce((sum, row) => sum + readOf(dataset.tokens.lengthOf(row), chunking), 0);
  return { rows, tokens, unread: all - tokens };
}

/** The tokens of a note that its chunks cover. */
const readOf = (tokens: number, chunking: Chunking): number => chunksOf(tokens, chunking).at(-1)!.end;

/** Tokens that a batch will predict, before it is loaded. */
export function predictedIn({ tokens }: Dataset, { rows, chunking }: BatchPlan, { isText }: MaskingTokens, masking: TokenMasking): number {
  const inNote = (note: Int32Array): number =>
    chunksOf(note.length, chunking).reduce((sum, { start, end }) => sum + predictedCount(countText(note.subarray(start, end), isText), masking), 0);
  return rows.reduce((sum, row) => sum + (row < 0 ? 0 : inNote(tokens.row(row))), 0);
}

const countText = (ids: Int32Array, isText: Uint8Array): number => ids.reduce((count, id) => count + isText[id]!, 0);

/** log of the share of each token in what is read, one added to every count: a blind model's best guess. @returns [rows] */
export function logFrequencies(dataset: Dataset, corpus: Corpus, chunking: Chunking, rows: number): Float32Array {
  const counts = new Float64Array(rows).fill(1);
  for (const row of corpus.rows) {
    const note = dataset.tokens.row(row);
    for (const id of note.subarray(0, readOf(note.length, chunking))) counts[id]!++;
  }
  const total = corpus.tokens + rows;
  return Float32Array.from(counts, (count) => Math.log(count / total));
}

/** Labels that are codes of the vocabulary: the matrix of who carries what. */
import { dataError } from '../../src/core/errors.js';
import type { CodeKind, Dataset, VocabularyCode } from '../../src/dataset/index.js';
import { SPECIAL_CODES } from '../../src/encoders/codes.js';

export interface CodeLabels {
  kind: CodeKind;
  /** Rows of the kind's vocabulary, one a label. */
  rows: Int32Array;
  codes: VocabularyCode[];
}

/** Codes that at least `min_count` training visits carry, most frequent first. @throws data error when there is none */
export function codeLabels(dataset: Dataset, { kind, min_count, top }: { kind: CodeKind; min_count: number; top?: number }): CodeLabels {
  const vocabulary = dataset.vocabulary.kinds[kind];
  const rows = Int32Array.from(vocabulary.flatMap(({ count }, row) => (count >= min_count ? [row] : [])).slice(0, top));
  if (!rows.length) throw dataError(`${dataset.dir}: no ${kind} code has ${min_count} training visits or more: there is nothing to learn; lower finetune.labels.min_count`);
  return { kind, rows, codes: Array.from(rows, (row) => vocabulary[row]!) };
}

/** Vocabulary id → label. */
const columnsOf = ({ rows }: CodeLabels): Map<number, number> => new Map(Array.from(rows, (row, label) => [row + SPECIAL_CODES, label]));

/** Row → the labels it carries. */
export function labelsOfRow(dataset: Dataset, labels: CodeLabels): (row: number) => number[] {
  const columns = columnsOf(labels);
  return (row) => [...dataset.codes[labels.kind].row(row)].flatMap((id) => columns.get(id) ?? []);
}

/** [rows × labels]: 1 where a visit carries a label; padding rows (−1) carry none. */
export function codeMatrix(dataset: Dataset, labels: CodeLabels): (rows: Int32Array) => Uint8Array {
  const carried = labelsOfRow(dataset, labels);
  const L = labels.rows.length;
  return (rows) => {
    const matrix = new Uint8Array(rows.length * L);
    rows.forEach((row, v) => {
      if (row >= 0) for (const label of carried(row)) matrix[v * L + label] = 1;
    });
    return matrix;
  };
}

/** Codes of each visit, those outside the label space too. */
export const codeCounts = (dataset: Dataset, kind: CodeKind) => (rows: Int32Array): Int32Array => rows.map((row) => dataset.codes[kind].lengthOf(row));

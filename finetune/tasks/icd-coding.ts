/** The ICD-coding task: which codes are labels, which visits are used, and what a batch holds. */
import { createRng } from '../../src/core/rng.js';
import { dataError } from '../../src/core/errors.js';
import type { CodeKind, Dataset, VocabularyCode } from '../../src/dataset/index.js';
import { SPECIAL_CODES } from '../../src/encoders/codes.js';
import { visitTensors, type NamedTensor, type VisitRows } from '../../src/encoders/visit-batch.js';
import type { FinetuneConfig } from '../config.js';
import type { LabelSpace } from '../heads/icd-coding.js';

export interface CodingLabels extends LabelSpace {
  kind: CodeKind;
  codes: VocabularyCode[];
}

/**
 * The labels of a task: codes of the vocabulary, most frequent first.
 * @param trainRows the visits that are trained on: frequencies are theirs, also when they are only a share of the training visits
 */
export function codingLabels(dataset: Dataset, { kind, min_count, top }: FinetuneConfig['labels'], trainRows: Int32Array): CodingLabels {
  const vocabulary = dataset.vocabulary.kinds[kind];
  const rows = Int32Array.from(vocabulary.flatMap(({ count }, row) => (count >= min_count ? [row] : [])).slice(0, top));
  if (!rows.length) throw dataError(`no ${kind} code has ${min_count} training visits or more: there is nothing to learn; lower finetune.labels.min_count`);
  if (!trainRows.length) throw dataError(`${dataset.dir}: no training visit has ${kind} codes: there is nothing to learn from`);
  const labels = { kind, rows, codes: Array.from(rows, (row) => vocabulary[row]!), frequencies: new Float32Array(rows.length) };
  labelMatrix(dataset, trainRows, labels).forEach((carries, cell) => (labels.frequencies[cell % rows.length]! += carries / trainRows.length));
  return labels;
}

/** Labelled rows of a split that carry a code of the label's kind. */
export const labelledRows = (dataset: Dataset, split: 'train' | 'dev' | 'test', kind: CodeKind): Int32Array =>
  dataset.rowsOf(split, { labelled: true }).filter((row) => dataset.codes[kind].lengthOf(row) > 0);

/** Rows of a share of the patients; smaller shares are subsets of larger ones with the same seed. */
export function takeFraction(dataset: Dataset, rows: Int32Array, fraction: number, seed: number): Int32Array {
  if (fraction === 1) return rows;
  const patients = [...new Set(Array.from(rows, (row) => dataset.patientIds[row]!))];
  const kept = new Set(createRng(seed, 'fraction').shuffle(patients).slice(0, Math.max(1, Math.round(fraction * patients.length))));
  return rows.filter((row) => kept.has(dataset.patientIds[row]!));
}

/** [rows × labels]: 1 where a visit carries a label. */
export function labelMatrix(dataset: Dataset, rows: Int32Array, labels: CodingLabels): Uint8Array {
  const column = new Map(Array.from(labels.rows, (row, label) => [row + SPECIAL_CODES, label]));
  const matrix = new Uint8Array(rows.length * labels.rows.length);
  rows.forEach((row, v) => {
    if (row < 0) return;
    for (const id of dataset.codes[labels.kind].row(row)) {
      const label = column.get(id);
      if (label !== undefined) matrix[v * labels.rows.length + label] = 1;
    }
  });
  return matrix;
}

/** Gold codes of each visit, those outside the label space too. */
export const goldCounts = (dataset: Dataset, rows: Int32Array, { kind }: CodingLabels): Int32Array =>
  rows.map((row) => dataset.codes[kind].lengthOf(row));

export interface CodingBatchOptions {
  dataset: Dataset;
  labels: CodingLabels;
  inputs: readonly string[];
}

/** The inputs of `encodeVisit`, `labels` float32 [B, L] and `weight` float32 [B] (0 for padding rows). */
export function codingBatch(filled: VisitRows, rows: Int32Array, { dataset, labels, inputs }: CodingBatchOptions): NamedTensor[] {
  return [
    ...visitTensors(filled, inputs),
    { name: 'labels', shape: [rows.length, labels.rows.length], dtype: 'float32', data: Float32Array.from(labelMatrix(dataset, rows, labels)) },
    { name: 'weight', shape: [rows.length], dtype: 'float32', data: Float32Array.from(rows, (row) => (row < 0 ? 0 : 1)) },
  ];
}

/** Tasks whose labels are codes of the vocabulary: who carries what, and the visits that are learnt from. */
import { dataError } from '../../src/core/errors.js';
import type { CodeKind, Dataset, VocabularyCode } from '../../src/dataset/index.js';
import { SPECIAL_CODES } from '../../src/encoders/codes.js';
import { cohortFields, type Cohorts } from './cohort.js';
import type { Task, TaskContext } from './task.js';
import { chooseRows, labelCounts, refuseShots } from './training-rows.js';

interface CodeLabels {
  kind: CodeKind;
  /** Rows of the kind's vocabulary, one a label. */
  rows: Int32Array;
  codes: VocabularyCode[];
}

/** Codes that at least `min_count` training visits carry, most frequent first. @throws data error when there is none */
function codeLabels(dataset: Dataset, { kind, min_count, top }: { kind: CodeKind; min_count: number; top?: number }): CodeLabels {
  const vocabulary = dataset.vocabulary.kinds[kind];
  const rows = Int32Array.from(vocabulary.flatMap(({ count }, row) => (count >= min_count ? [row] : [])).slice(0, top));
  if (!rows.length) throw dataError(`${dataset.dir}: no ${kind} code has ${min_count} training visits or more: there is nothing to learn; lower finetune.labels.min_count`);
  return { kind, rows, codes: Array.from(rows, (row) => vocabulary[row]!) };
}

/** Vocabulary id → label. */
const columnsOf = ({ rows }: CodeLabels): Map<number, number> => new Map(Array.from(rows, (row, label) => [row + SPECIAL_CODES, label]));

/** Row → the labels it carries. */
function labelsOfRow(dataset: Dataset, labels: CodeLabels): (row: number) => number[] {
  const columns = columnsOf(labels);
  return (row) => [...dataset.codes[labels.kind].row(row)].flatMap((id) => columns.get(id) ?? []);
}

/** [rows × labels]: 1 where a visit carries a label; padding rows (−1) carry none. */
function codeMatrix(dataset: Dataset, labels: CodeLabels): (rows: Int32Array) => Uint8Array {
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
const codeCounts = (dataset: Dataset, kind: CodeKind) => (rows: Int32Array): Int32Array => rows.map((row) => dataset.codes[kind].lengthOf(row));

export interface CodeTaskOptions {
  name: Task['name'];
  cohorts: Cohorts;
  wanted: { kind: CodeKind; min_count: number; top?: number };
  /** What every training visit has, for the error when there is none. */
  needs: string;
}

export interface CodeTask {
  /** The fields that tasks whose labels are codes have in common. */
  fields: Pick<Task, 'name' | 'labelKind' | 'labels' | 'flow' | 'trainRows' | 'devRows' | 'warnings' | 'targets' | 'matrixOf' | 'goldCounts'>;
  /** For the head: the labels' rows in the vocabulary, and the share of the training visits that carry each. */
  space: { labelKind: CodeKind; rows: Int32Array; shares: number[] };
}

/** @throws configuration error for shots; data error when there is no label, or no training visit */
export function openCodeTask({ dataset, config, seed }: TaskContext, { name, cohorts, wanted, needs }: CodeTaskOptions): CodeTask {
  const { kind } = wanted;
  const space = codeLabels(dataset, wanted);
  const carried = labelsOfRow(dataset, space);
  refuseShots(name, config.shots);
  const chosen = chooseRows({ dataset, config, seed, train: cohorts.train.rows, dev: cohorts.dev.rows, labelsOf: carried });
  const { trainRows } = chosen;
  if (!trainRows.length) throw dataError(`${dataset.dir}: no training visit has ${needs}: there is nothing to learn from`);
  const counts = labelCounts(trainRows, carried, space.rows.length);
  const labels = space.codes.map(({ system, code, title }, label) => ({ system, code, title, count: counts[label]! }));
  return {
    fields: { name, labelKind: kind, labels, ...cohortFields(cohorts), ...chosen, matrixOf: codeMatrix(dataset, space), goldCounts: codeCounts(dataset, kind) },
    space: { labelKind: kind, rows: space.rows, shares: counts.map((count) => count / trainRows.length) },
  };
}

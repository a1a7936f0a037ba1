/** Tasks whose labels are codes of the vocabularies: who carries what, and the visits that are learnt from. */
import { dataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import { SPECIAL_CODES } from '../../src/encoders/codes.js';
import type { LabelSpace } from '../heads/label-space.js';
import { cohortFields, type Cohorts } from './cohort.js';
import { codeLabels, eligibleCodes, type CodeLabels, type WantedLabels } from './label-selection.js';
import type { Label, Task, TaskContext } from './task.js';
import type { TitlePieces } from './title-pieces.js';
import { chooseRows, labelCounts, refuseShots } from './training-rows.js';

/** Row → the labels it carries. */
function labelsOfRow(dataset: Dataset, { groups }: CodeLabels): (row: number) => number[] {
  let first = 0;
  const columns = groups.map(({ kind, rows }) => {
    const labelOf = new Map(Array.from(rows, (row, i) => [row + SPECIAL_CODES, first + i]));
    first += rows.length;
    return { codes: dataset.codes[kind], labelOf };
  });
  return (row) => columns.flatMap(({ codes, labelOf }) => [...codes.row(row)].flatMap((id) => labelOf.get(id) ?? []));
}

/** Row → whether it carries any label. */
export function carriesLabel(dataset: Dataset, wanted: WantedLabels): (row: number) => boolean {
  const carried = labelsOfRow(dataset, codeLabels(dataset, wanted));
  return (row) => carried(row).length > 0;
}

type MatrixOf = (rows: Int32Array) => Uint8Array;

/** [rows × labels]: 1 where a visit carries a label; padding rows (−1) carry none. */
const codeMatrix = (carried: (row: number) => readonly number[], L: number): MatrixOf => (rows) => {
  const matrix = new Uint8Array(rows.length * L);
  rows.forEach((row, v) => {
    if (row >= 0) for (const label of carried(row)) matrix[v * L + label] = 1;
  });
  return matrix;
};

/** Codes of each visit, those outside the label space too; within nodes of the hierarchy, those of the vocabulary that lie there. */
function codeCounts({ codes, ...dataset }: Dataset, wanted: WantedLabels): (rows: Int32Array) => Int32Array {
  const { kinds, within } = wanted;
  if (!within) return (rows) => rows.map((row) => kinds.reduce((sum, kind) => sum + codes[kind].lengthOf(row), 0));
  const eligible = eligibleCodes({ codes, ...dataset }, wanted);
  return (rows) => rows.map((row) => kinds.reduce((sum, kind) => codes[kind].row(row).reduce((count, id) => count + (eligible[kind]![id - SPECIAL_CODES] ?? 0), sum), 0));
}

export interface CodeTaskOptions {
  name: Task['name'];
  cohorts: Cohorts;
  wanted: WantedLabels;
  /** What every training visit has, for the error when there is none. */
  needs: string;
}

export interface CodeTask {
  /** The fields that tasks whose labels are codes have in common. */
  fields: Pick<Task, 'name' | 'labelKinds' | 'labels' | 'learnt' | 'flow' | 'trainRows' | 'devRows' | 'warnings' | 'targets' | 'matrixOf' | 'goldCounts'>;
  /** For the head. */
  space: LabelSpace;
  /** What the loss is given: the labels that are learnt, and who carries them. */
  targets: { labels: readonly Label[]; matrixOf: MatrixOf };
}

/** @throws configuration error for shots; data error when there is no label, or no training visit */
export function openCodeTask({ dataset, config, seed, titles }: TaskContext, { name, cohorts, wanted, needs }: CodeTaskOptions): CodeTask {
  const chosenLabels = codeLabels(dataset, wanted);
  const { groups, codes } = chosenLabels;
  const carried = labelsOfRow(dataset, chosenLabels);
  refuseShots(name, config.shots);
  const chosen = chooseRows({ dataset, config, seed, train: cohorts.train.rows, dev: cohorts.dev.rows, labelsOf: carried });
  const visits = chosen.trainRows.length;
  if (!visits) throw dataError(`${dataset.dir}: no training visit has ${needs}: there is nothing to learn from`);
  const counts = labelCounts(chosen.trainRows, carried, codes.length);
  const labels = codes.map(({ kind, system, code, title }, label) => ({ kind, system, code, title, count: counts[label]! }));
  const learnt = learntAmong(codes);
  const matrixOf = codeMatrix(carried, labels.length);
  const goldCounts = wanted.gold === 'labels' ? (rows: Int32Array) => rows.map((row) => carried(row).length) : codeCounts(dataset, wanted);
  return {
    fields: { name, labelKinds: groups.map(({ kind }) => kind), labels, learnt, ...cohortFields(cohorts), ...chosen, matrixOf, goldCounts },
    space: {
      groups,
      // Of a code that nobody carries: half a visit of one more.
      shares: counts.map((count, label) => (codes[label]!.count ? count / visits : 0.5 / (visits + 1))),
      learnt,
      titles: titlesOf(groups, titles),
    },
    targets: learnt ? learntTargets(labels, learnt, carried) : { labels, matrixOf },
  };
}

/** Word pieces of the labels' titles, for heads that read them. */
export const titlesOf = (groups: LabelSpace['groups'], titles: TitlePieces | undefined): LabelSpace['titles'] =>
  titles && groups.flatMap(({ kind, rows }) => Array.from(rows, (row) => titles[kind]![row]!));

/** Places of the codes that training visits carry; undefined where all are. */
export const learntAmong = (codes: readonly { count: number }[]): Int32Array | undefined =>
  codes.every(({ count }) => count) ? undefined : Int32Array.from(codes.flatMap(({ count }, label) => (count ? [label] : [])));

function learntTargets(labels: readonly Label[], learnt: Int32Array, carried: (row: number) => readonly number[]): CodeTask['targets'] {
  const columnOf = new Map(Array.from(learnt, (label, column) => [label, column]));
  const columns = (row: number): number[] => carried(row).flatMap((label) => columnOf.get(label) ?? []);
  return { labels: Array.from(learnt, (label) => labels[label]!), matrixOf: codeMatrix(columns, learnt.length) };
}

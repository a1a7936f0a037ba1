/** What a task is: which visits get a prediction, what the labels are, what a batch holds, and the head that predicts. */
import type { BatchPlan, CodeKind, Dataset, SplitName } from '../../src/dataset/index.js';
import type { NamedTensor, VisitRows } from '../../src/encoders/visit-batch.js';
import type { TaskName } from '../../src/metrics/task-scores.js';
import type { VisitSource } from '../../src/training/visit-source.js';
import type { FinetuneConfig } from '../config.js';
import type { Head } from '../heads/head.js';
import type { TitlePieces } from './title-pieces.js';

export type { TaskName };

export const taskNames = ['icd-coding', 'readmission', 'medication'] as const satisfies readonly TaskName[];

/** One column of the label matrix; readmission has the one label `task readmitted`. */
export interface Label {
  /** Where the label is a code. */
  kind?: CodeKind;
  system: string;
  code: string;
  title?: string;
  /** Training visits (of those that are used) that carry it. */
  count: number;
}

/** A step of the cohort's selection, for the table that reports it. */
export interface CohortStep {
  step: string;
  visits: number;
  patients: number;
}

/** The visits of a batch, some of which may be there for their history only. */
export interface TaskBatch {
  plan: BatchPlan;
  /** [B]: 1 for visits that this batch predicts for. */
  targets: Uint8Array;
  /** [B, B]: row t holds the weights of the past visits of t, which sum to 1; all 0 where there is none. */
  past?: Float32Array;
}

export interface Task {
  name: TaskName;
  /** All that the encoder reads: `text` and kinds of codes. */
  inputs: readonly string[];
  /** Kinds of the codes that are labels; none where they are no codes. */
  labelKinds: readonly CodeKind[];
  labels: readonly Label[];
  /** Places of the labels that are learnt, where some are not: `labels` of the tensors are these. */
  learnt?: Int32Array;
  /** Visits left in each split after each step of the task's cohort. */
  flow: Record<SplitName, CohortStep[]>;
  /** The training visits that are used, of all that `targets` gives. */
  trainRows: Int32Array;
  /** The dev visits that early stopping and the threshold see. */
  devRows: Int32Array;
  /** What did not come out as configured, for the log. */
  warnings: readonly string[];
  /** Visits of a split that get a prediction, in table order. */
  targets(split: SplitName): Int32Array;
  /** [rows × labels]: 1 where a visit carries a label; 0 for padding rows. */
  matrixOf(rows: Int32Array): Uint8Array;
  /** [rows]: labels of each visit, those outside the label space too. */
  goldCounts(rows: Int32Array): Int32Array;
  /** Past visits that a prediction for the row may read, oldest first. */
  historyOf(row: number): readonly number[];
  /** Batches that together predict for each of the rows once; shuffled by (seed, epoch), or in order. */
  plan(source: VisitSource, rows: Int32Array, shuffle?: { seed: number; epoch: number }): TaskBatch[];
  /** The inputs of the encoder and of the head, `labels` float32 [B, L] of the learnt labels and `weight` float32 [B] (0 for rows without a prediction). */
  tensors(visits: VisitRows, batch: TaskBatch): NamedTensor[];
  head: Head;
}

export interface TaskContext {
  dataset: Dataset;
  config: FinetuneConfig;
  seed: number;
  /** For heads that read titles; without them the task can be looked at, but not run. */
  titles?: TitlePieces;
}

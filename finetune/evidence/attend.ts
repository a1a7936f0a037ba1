/** What a fitted model's labels attend to in the notes of rows of a data set, whatever the batches were. */
import { inGroups } from '../../src/core/in-groups.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import type { Ragged } from '../../src/dataset/index.js';
import type { Forward } from '../../src/training/forward.js';
import type { VisitSource } from '../../src/training/visit-source.js';
import type { Task } from '../tasks/index.js';
import { pieceWeights } from './from-attention.js';

export interface AttendOptions {
  /** Labels to look at for a row, by their place among the task's. */
  labelsOf: (row: number) => readonly number[];
  task: Pick<Task, 'plan' | 'tensors'>;
  source: VisitSource;
  /** Gives `weights` [B, K, N] for `explain.labels` [K]. */
  forward: Forward;
  /** Pieces of each row's note. */
  tokens: Ragged;
  /** Aborted: stop after the batch at hand. */
  signal?: AbortSignal;
}

/** K: labels that a program looks at together. A batch that wants more runs it several times. */
const LABELS_AT_ONCE = 64;

/** @returns for each row the weights of its labels, in their order, over the pieces of its note */
export async function attend(rows: Int32Array, { labelsOf, task, source, forward, tokens, signal }: AttendOptions): Promise<Map<number, number[][]>> {
  const attention = new Map(Array.from(rows, (row) => [row, labelsOf(row).map((): number[] => [])]));
  for (const batch of task.plan(source, rows)) {
    signal?.throwIfAborted();
    const { rows: inBatch, text: { chunks, width }, chunking } = batch.plan;
    const targets = Array.from(inBatch, (row, b) => ({ row, b })).filter(({ b }) => batch.targets[b]);
    const inputs = task.tensors(await source.load(batch.plan), batch);
    for (const block of inGroups([...new Set(targets.flatMap(({ row }) => labelsOf(row)))], LABELS_AT_ONCE)) {
      const weights = (await forward.run([...inputs, labelsTensor(block)]))['weights'] as Float32Array;
      for (const { row, b } of targets) {
        labelsOf(row).forEach((label, l) => {
          if (!block.includes(label)) return;
          const at = (b * LABELS_AT_ONCE + block.indexOf(label)) * chunks * width;
          attention.get(row)![l] = pieceWeights(weights.subarray(at, at + chunks * width), { pieces: tokens.lengthOf(row), width, chunking });
        });
      }
    }
  }
  return attention;
}

/** Filled up with the first of the task's labels. */
const labelsTensor = (labels: readonly number[]): NamedTensor => ({
  name: 'explain.labels',
  shape: [LABELS_AT_ONCE],
  dtype: 'int32',
  data: Int32Array.from({ length: LABELS_AT_ONCE }, (_, k) => labels[k] ?? 0),
});

/** Probabilities of every label for rows of a data set, whatever the batches were. */
import type { LabelMatrix } from '../src/metrics/matrix.js';
import type { Forward } from '../src/training/forward.js';
import type { VisitSource } from '../src/training/visit-source.js';
import type { Task } from './tasks/index.js';

export interface Scored extends LabelMatrix {
  /** Rows of the data set, in the order of the matrix. */
  rows: Int32Array;
  goldCounts: Int32Array;
}

/** The gold of rows, to score anything against. */
export const goldOf = ({ matrixOf, goldCounts, labels }: Task, rows: Int32Array): Omit<Scored, 'scores'> => ({
  rows,
  labels: matrixOf(rows),
  goldCounts: goldCounts(rows),
  V: rows.length,
  L: labels.length,
});

/** @returns scores [V, L] in the order of `rows` */
export async function scoreRows(rows: Int32Array, { task, ...scoring }: Scoring & { task: Task }): Promise<Scored> {
  return { ...goldOf(task, rows), scores: await probabilitiesOf(rows, { task, ...scoring }) };
}

export interface Scoring {
  task: Pick<Task, 'labels' | 'plan' | 'tensors'>;
  source: VisitSource;
  forward: Forward;
  /** Aborted: stop after the batch at hand. */
  signal?: AbortSignal;
}

/** @returns probabilities [V, L] in the order of `rows` */
export async function probabilitiesOf(rows: Int32Array, { task, source, forward, signal }: Scoring): Promise<Float32Array> {
  const L = task.labels.length;
  const scores = new Float32Array(rows.length * L);
  const position = new Map(Array.from(rows, (row, v) => [row, v]));
  for (const batch of task.plan(source, rows)) {
    signal?.throwIfAborted();
    const { probabilities } = await forward.run(task.tensors(await source.load(batch.plan), batch));
    batch.plan.rows.forEach((row, b) => {
      if (batch.targets[b]) scores.set(probabilities!.subarray(b * L, (b + 1) * L), position.get(row)! * L);
    });
  }
  return scores;
}

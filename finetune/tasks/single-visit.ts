/** What tasks that predict from the visit itself have in common: batches of visits, no history. */
import type { VisitSource } from '../../src/training/visit-source.js';
import { visitTensors, type NamedTensor, type VisitRows } from '../../src/encoders/visit-batch.js';
import type { Task, TaskBatch } from './task.js';

export const noHistory = (): readonly number[] => [];

export const planVisits = (source: VisitSource, rows: Int32Array, shuffle?: { seed: number; epoch: number }): TaskBatch[] =>
  source.plan(rows, shuffle).map((plan) => ({ plan, targets: Uint8Array.from(plan.rows, (row) => Number(row >= 0)) }));

/** What every task feeds: the inputs of the encoder, `labels` and `weight`. */
export function targetTensors(visits: VisitRows, { plan: { rows }, targets }: TaskBatch, { inputs, labels, matrixOf }: Pick<Task, 'inputs' | 'labels' | 'matrixOf'>): NamedTensor[] {
  return [
    ...visitTensors(visits, inputs),
    { name: 'labels', shape: [rows.length, labels.length], dtype: 'float32', data: Float32Array.from(matrixOf(rows)) },
    { name: 'weight', shape: [rows.length], dtype: 'float32', data: Float32Array.from(targets) },
  ];
}

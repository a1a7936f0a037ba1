/** The past of a visit: which visits it is, and batches in which a visit lies together with its past. */
import { configurationError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import type { VisitSource } from '../../src/training/visit-source.js';
import type { TaskBatch } from './task.js';

/**
 * The patient's visits that ended, and whose notes were charted, before the visit began (by table order where times are missing), the latest `limit`, oldest
 * first.
 */
export function pastVisits({ patientIds, admittedAt, dischargedAt, noteChartedAt }: Dataset, limit: number): (row: number) => number[] {
  return (row) => {
    const past: number[] = [];
    for (let earlier = row - 1; earlier >= 0 && past.length < limit && patientIds[earlier] === patientIds[row]; earlier--) {
      const isOpen = dischargedAt[earlier]! > admittedAt[row]! || noteChartedAt[earlier]! > admittedAt[row]!;
      if (!isOpen) past.unshift(earlier);
    }
    return past;
  };
}

/** Runs of table rows in which every target has its past before it; at most `size` rows each. */
function historyRuns(rows: Int32Array, historyOf: (row: number) => readonly number[], size: number): number[][] {
  const runs: number[][] = [];
  let [first, last] = [0, -1];
  for (const row of [...rows].sort((a, b) => a - b)) {
    const begin = historyOf(row)[0] ?? row;
    if (row - begin >= size) throw configurationError(`finetune.training.batch_size: ${size} visits cannot hold a visit and its past (${row - begin} visits back); raise it, or lower finetune.medication.max_history`);
    const fits = begin <= last && row - Math.min(first, begin) < size;
    if (fits) {
      first = Math.min(first, begin);
      runs[runs.length - 1] = range(first, row);
    } else {
      first = begin;
      runs.push(range(begin, row));
    }
    last = row;
  }
  return runs;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Batches in which each of the rows has its whole past beside it; every row is a target once. */
export function planHistories(source: VisitSource, rows: Int32Array, historyOf: (row: number) => readonly number[], shuffle?: { seed: number; epoch: number }): TaskBatch[] {
  const wanted = new Set(rows);
  return source.planGroups(historyRuns(rows, historyOf, source.batchSize), shuffle).map((plan) => {
    const B = plan.rows.length;
    const targets = new Uint8Array(B);
    const past = new Float32Array(B * B);
    plan.rows.forEach((row, at) => {
      const history = row < 0 || !wanted.has(row) ? [] : historyOf(row);
      const places = history.map((earlier) => at - (row - earlier));
      const isComplete = places.length > 0 && places.every((place, i) => plan.rows[place] === history[i]);
      if (!isComplete) return;
      wanted.delete(row);
      targets[at] = 1;
      for (const place of places) past[at * B + place] = 1 / places.length;
    });
    return { plan, targets, past };
  });
}

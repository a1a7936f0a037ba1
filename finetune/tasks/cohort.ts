/** A task's cohort: rules applied one after the other to the labelled visits of a split, and counted. */
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import type { CohortStep } from './task.js';

export interface CohortRule {
  step: string;
  keeps: (row: number) => boolean;
}

export function cohortFlow(dataset: Dataset, split: SplitName, rules: readonly CohortRule[]): { rows: Int32Array; flow: CohortStep[] } {
  let rows = dataset.rowsOf(split, { labelled: true });
  const counted = (step: string): CohortStep => ({ step, visits: rows.length, patients: new Set(Array.from(rows, (row) => dataset.patientIds[row])).size });
  const flow = [counted('labelled visits')];
  for (const { step, keeps } of rules) {
    rows = rows.filter(keeps);
    flow.push(counted(step));
  }
  return { rows, flow };
}

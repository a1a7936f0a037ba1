/** A task's cohort: rules applied one after the other to the labelled visits of each split, and counted. */
import { splitNames, type Dataset, type SplitName } from '../../src/dataset/index.js';
import type { CohortStep } from './task.js';

export interface CohortRule {
  step: string;
  keeps: (row: number) => boolean;
}

export interface Cohort {
  /** In table order. */
  rows: Int32Array;
  flow: CohortStep[];
}

export type Cohorts = Record<SplitName, Cohort>;

export const countStep = ({ patientIds }: Dataset, step: string, rows: Int32Array): CohortStep => ({ step, visits: rows.length, patients: new Set(Array.from(rows, (row) => patientIds[row])).size });

function cohortOf(dataset: Dataset, split: SplitName, rules: readonly CohortRule[]): Cohort {
  let rows = dataset.rowsOf(split, { labelled: true });
  const flow = [countStep(dataset, 'labelled visits', rows)];
  for (const { step, keeps } of rules) {
    rows = rows.filter(keeps);
    flow.push(countStep(dataset, step, rows));
  }
  return { rows, flow };
}

/** @param refine a last step that rules for single visits cannot express */
export const selectCohorts = (dataset: Dataset, rules: readonly CohortRule[], refine = (cohort: Cohort): Cohort => cohort): Cohorts =>
  Object.fromEntries(splitNames.map((split) => [split, refine(cohortOf(dataset, split, rules))])) as Cohorts;

/** What a task shows of its cohorts. */
export const cohortFields = (cohorts: Cohorts) => ({
  flow: Object.fromEntries(splitNames.map((split) => [split, cohorts[split].flow])) as Record<SplitName, CohortStep[]>,
  targets: (split: SplitName): Int32Array => cohorts[split].rows,
});

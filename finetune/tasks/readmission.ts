/** Readmission: whether the patient comes back within some days of discharge, unplanned, from what the visit left behind. */
import { createRng } from '../../src/core/rng.js';
import { dataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import type { FinetuneConfig } from '../config.js';
import { refuseCodingHeads } from '../heads/head.js';
import { readmissionHead } from '../heads/readmission.js';
import { cohortFields, countStep, selectCohorts, type Cohort, type CohortRule } from './cohort.js';
import { inputsOf } from './declarations.js';
import { noHistory, planVisits, targetTensors } from './single-visit.js';
import type { Label, Task, TaskContext } from './task.js';
import { chooseRows } from './training-rows.js';

type Definition = FinetuneConfig['readmission'];

const DAY = 24 * 60 * 60 * 1000;

/** MIMIC-III and MIMIC-IV's names of planned admissions. */
const isElective = (type: string | null | undefined): boolean => /ELECTIVE|SURGICAL SAME DAY/i.test(type ?? '');

/** Whether the patient's next admission follows within the window; overlapping stays (a transfer) are none. */
export function isReadmitted({ dischargedAt, nextAdmittedAt, nextAdmissionTypes }: Dataset, { window_days, ignore_elective }: Definition): (row: number) => boolean {
  return (row) => {
    const days = (nextAdmittedAt[row]! - dischargedAt[row]!) / DAY;
    return days >= 0 && days <= window_days && !(ignore_elective && isElective(nextAdmissionTypes[row]));
  };
}

export function cohortRules(dataset: Dataset, { drop_newborns, drop_deaths, censor_after, window_days }: Definition): CohortRule[] {
  const end = censor_after === null ? Infinity : Date.parse(censor_after);
  return [
    { step: 'with a time of discharge', keeps: (row) => !Number.isNaN(dataset.dischargedAt[row]!) },
    ...(drop_newborns ? [{ step: 'not a newborn admission', keeps: (row: number) => dataset.admissionTypes[row]?.toUpperCase() !== 'NEWBORN' }] : []),
    ...(drop_deaths ? [{ step: 'discharged alive', keeps: (row: number) => dataset.died[row] !== 1 }] : []),
    ...(censor_after === null ? [] : [{ step: `observed for ${window_days} days, until ${censor_after}`, keeps: (row: number) => dataset.dischargedAt[row]! + window_days * DAY <= end }]),
  ];
}

export function openReadmission({ dataset, config, seed }: TaskContext): Task {
  refuseCodingHeads('readmission', config.head);
  const inputs = inputsOf('readmission', config);
  const readmitted = isReadmitted(dataset, config.readmission);
  const cohorts = selectCohorts(dataset, cohortRules(dataset, config.readmission), (cohort) => balanced(dataset, cohort, { readmitted, balance: config.readmission.balance, seed }));
  const chosen = chooseRows({ dataset, config, seed, train: cohorts.train.rows, dev: cohorts.dev.rows, labelsOf: (row) => (readmitted(row) ? [0] : []) });
  const { trainRows } = chosen;
  const count = trainRows.filter(readmitted).length;
  if (!count || count === trainRows.length) throw dataError(`${dataset.dir}: of ${trainRows.length} training discharges ${count} are followed by a readmission within ${config.readmission.window_days} days; both kinds are needed`);
  const labels: Label[] = [{ system: 'task', code: 'readmitted', title: `readmitted within ${config.readmission.window_days} days`, count }];
  const matrixOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => Number(row >= 0 && readmitted(row)));
  return {
    name: 'readmission',
    inputs,
    labelKinds: [],
    labels,
    ...cohortFields(cohorts),
    ...chosen,
    matrixOf,
    goldCounts: (rows) => Int32Array.from(matrixOf(rows)),
    historyOf: noHistory,
    plan: planVisits,
    tensors: (visits, batch) => targetTensors(visits, batch, { inputs, labels, matrixOf }),
    head: readmissionHead({ config: config.head, inputs, share: count / trainRows.length }),
  };
}

interface BalanceOptions {
  readmitted: (row: number) => boolean;
  balance: Definition['balance'];
  seed: number;
}

/** Counts the positives; with `one-to-one`, keeps as many negatives, drawn by the seed. */
function balanced(dataset: Dataset, { rows, flow }: Cohort, { readmitted, balance, seed }: BalanceOptions): Cohort {
  const positives = rows.filter(readmitted);
  const steps = [...flow, countStep(dataset, '  of these readmitted', positives)];
  if (balance === 'none') return { rows, flow: steps };
  const negatives = createRng(seed, 'one-to-one').shuffle(Array.from(rows.filter((row) => !readmitted(row)))).slice(0, positives.length);
  const kept = Int32Array.from([...positives, ...negatives]).sort();
  return { rows: kept, flow: [...steps, countStep(dataset, 'one negative for each positive', kept)] };
}

/** Medication recommendation: the medications of a visit, from the patient's past visits and the visit's diagnoses. */
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import { medicationHead } from '../heads/medication.js';
import { codeCounts, codeLabels, codeMatrix, labelsOfRow } from './code-labels.js';
import { cohortFlow } from './cohort.js';
import { inputsOf } from './declarations.js';
import { pastVisits, planHistories } from './history.js';
import { assertTrainable } from './icd-coding.js';
import { targetTensors } from './single-visit.js';
import type { Task, TaskBatch, TaskContext } from './task.js';
import { chooseRows, labelCounts, refuseShots } from './training-rows.js';

const KIND = 'rx';

export function openMedication({ dataset, config, seed }: TaskContext): Task {
  const { current, history, max_history } = config.medication;
  const past = inputsOf('medication', config);
  const historyOf = pastVisits(dataset, max_history);
  const rules = [
    { step: 'with medications', keeps: (row: number) => dataset.codes[KIND].lengthOf(row) > 0 },
    { step: 'with a past visit', keeps: (row: number) => historyOf(row).length > 0 },
  ];
  const targets = (split: SplitName) => cohortFlow(dataset, split, rules);
  const space = codeLabels(dataset, { kind: KIND, min_count: 1 });
  const carried = labelsOfRow(dataset, space);
  refuseShots('medication', config.shots);
  const { trainRows, devRows, warnings } = chooseRows({ dataset, config, seed, train: targets('train').rows, dev: targets('dev').rows, labelsOf: carried });
  assertTrainable(dataset, trainRows, `${KIND} codes and past visits, or`);
  const counts = labelCounts(trainRows, carried, space.rows.length);
  const labels = space.codes.map(({ system, code, title }, label) => ({ system, code, title, count: counts[label]! }));
  const matrixOf = codeMatrix(dataset, space);
  const inputs = [...new Set([...past, ...current])];
  return {
    name: 'medication',
    inputs,
    labelKind: KIND,
    labels,
    flow: { train: targets('train').flow, dev: targets('dev').flow, test: targets('test').flow },
    trainRows,
    devRows,
    warnings,
    targets: (split) => targets(split).rows,
    matrixOf,
    goldCounts: codeCounts(dataset, KIND),
    historyOf,
    plan: (source, rows, shuffle) => planHistories(source, rows, historyOf, shuffle),
    tensors: (visits, batch) => [...targetTensors(visits, batch, { inputs, labels, matrixOf }), ...pastTensors(dataset, batch, history)],
    head: medicationHead({ config: config.head, inputs: past, current, labelKind: KIND, rows: space.rows, shares: counts.map((count) => count / trainRows.length) }),
  };
}

/** `past` float32 [B, B]; with the released history also `past.rx`, by which a visit's own medications are among its past. */
function pastTensors(dataset: Dataset, { plan: { rows }, targets, past }: TaskBatch, history: 'past' | 'released'): NamedTensor[] {
  const tensor = (name: string, data: Float32Array): NamedTensor => ({ name, shape: [rows.length, rows.length], dtype: 'float32', data });
  if (history === 'past') return [tensor('past', past!)];
  return [tensor('past', past!), tensor(`past.${KIND}`, withOwnVisit(past!, (at) => targets[at] === 1 && hasThirdVisit(dataset, rows[at]!)))];
}

const hasThirdVisit = ({ patientIds, sequence }: Dataset, row: number): boolean => patientIds[row - sequence[row]! + 2] === patientIds[row];

/**
 * The released code interleaves a patient's diagnoses and medications, then splits the rows in halves: from three visits on, medications of the target visit
 * are on the side of the history (FIDELITY §1).
 */
function withOwnVisit(past: Float32Array, leaks: (at: number) => boolean): Float32Array {
  const B = Math.sqrt(past.length);
  const leaking = past.slice();
  for (let at = 0; at < B; at++) {
    if (!leaks(at)) continue;
    const own = 1 / (1 + past.subarray(at * B, (at + 1) * B).filter((weight) => weight > 0).length);
    for (let place = 0; place < B; place++) leaking[at * B + place]! *= 1 - own;
    leaking[at * B + at] = own;
  }
  return leaking;
}

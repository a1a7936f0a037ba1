/** Medication recommendation: the medications of a visit, from the patient's past visits and the visit's diagnoses. */
import type { Dataset } from '../../src/dataset/index.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import type { FinetuneConfig } from '../config.js';
import { refuseCodingHeads } from '../heads/head.js';
import type { LabelSpace } from '../heads/label-space.js';
import { medicationHead } from '../heads/medication.js';
import { openCodeTask } from './code-labels.js';
import { selectCohorts } from './cohort.js';
import { inputsOf } from './declarations.js';
import { pastVisits, planHistories } from './history.js';
import { targetTensors } from './single-visit.js';
import type { Task, TaskBatch, TaskContext } from './task.js';

const KIND = 'rx';

export function openMedication(context: TaskContext): Task {
  const { dataset, config } = context;
  refuseCodingHeads('medication', config.head);
  const { history, max_history } = config.medication;
  const historyOf = pastVisits(dataset, max_history);
  const cohorts = selectCohorts(dataset, [
    { step: 'with medications', keeps: (row) => dataset.codes[KIND].lengthOf(row) > 0 },
    { step: 'with a past visit', keeps: (row) => historyOf(row).length > 0 },
  ]);
  const { fields, space: labels } = openCodeTask(context, { name: 'medication', cohorts, wanted: { kinds: [KIND], min_count: 1 }, needs: `${KIND} codes and past visits` });
  const { inputs, head } = medicationModel(config, labels);
  return {
    ...fields,
    inputs,
    historyOf,
    plan: (source, rows, shuffle) => planHistories(source, rows, historyOf, shuffle),
    tensors: (visits, batch) => [...targetTensors(visits, batch, { ...fields, inputs }), ...pastTensors(dataset, batch, history)],
    head,
  };
}

/** What the encoder reads, of the past visits and of the visit itself, and the head. */
export function medicationModel(config: FinetuneConfig, labels: LabelSpace): Pick<Task, 'inputs' | 'head'> {
  const { current } = config.medication;
  const past = inputsOf('medication', config);
  return { inputs: [...new Set([...past, ...current])], head: medicationHead({ config: config.head, inputs: past, current, labels }) };
}

/** What {@link pastTensors} reads of the visits besides their batch. */
export type PatientOrder = Pick<Dataset, 'patientIds' | 'sequence'>;

/** `past` float32 [B, B]; with the released history also `past.rx`, by which a visit's own medications are among its past. */
export function pastTensors(order: PatientOrder, { plan: { rows }, targets, past }: TaskBatch, history: 'past' | 'released'): NamedTensor[] {
  const tensor = (name: string, data: Float32Array): NamedTensor => ({ name, shape: [rows.length, rows.length], dtype: 'float32', data });
  if (history === 'past') return [tensor('past', past!)];
  return [tensor('past', past!), tensor(`past.${KIND}`, withOwnVisit(past!, (at) => targets[at] === 1 && hasThirdVisit(order, rows[at]!)))];
}

const hasThirdVisit = ({ patientIds, sequence }: PatientOrder, row: number): boolean => patientIds[row - sequence[row]! + 2] === patientIds[row];

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

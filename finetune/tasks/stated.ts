/** A task as a fitted run states it, for visits that are in no data set: what the model reads, its labels and its head; no cohort, no gold. */
import { checkpointError } from '../../src/core/errors.js';
import type { Vocabulary } from '../../src/dataset/index.js';
import { visitTensors } from '../../src/encoders/visit-batch.js';
import type { FinetuneConfig } from '../config.js';
import { icdCodingHead } from '../heads/icd-coding.js';
import type { LabelGroup, LabelSpace } from '../heads/label-space.js';
import { readmissionHead } from '../heads/readmission.js';
import type { TaskFile } from '../task-file.js';
import { learntAmong, titlesOf } from './code-labels.js';
import { inputsOf } from './declarations.js';
import { planHistories } from './history.js';
import { medicationModel, pastTensors } from './medication.js';
import { planVisits } from './single-visit.js';
import type { Label, Task } from './task.js';
import type { TitlePieces } from './title-pieces.js';

/** Where each visit's past lies among the visits at hand. */
export interface Histories {
  historyOf: Task['historyOf'];
  /** Patient of each row, and its place among the patient's visits, from 0. */
  patientIds: string[];
  sequence: Int32Array;
}

export interface StatedTask extends Pick<Task, 'name' | 'inputs' | 'labelKinds' | 'labels' | 'learnt' | 'head'> {
  /** Batches and tensors for visits at hand, without `labels` and `weight`. */
  over(histories: Histories): Pick<Task, 'plan' | 'tensors' | 'labels'>;
}

export interface StatedTaskOptions {
  file: TaskFile;
  config: FinetuneConfig;
  vocabulary: Vocabulary;
  titles?: TitlePieces;
  /** The run, for errors. */
  dir: string;
}

/** Parameters that start from the labels' frequencies are read from the run: what they would start from does not matter. */
const ANY_SHARE = 0.5;

/** @throws checkpoint error when the run's files contradict each other */
export function statedTask({ file, config, vocabulary, titles, dir }: StatedTaskOptions): StatedTask {
  const { task: name, labels } = file;
  const space = labelSpace(labels, vocabulary, { titles, dir });
  const fields = { name, labels, labelKinds: space.groups.map(({ kind }) => kind), learnt: space.learnt };
  const alone: StatedTask['over'] = () => ({ labels, plan: planVisits, tensors: (visits) => visitTensors(visits, inputsOf(name, config)) });
  const inputs = inputsOf(name, config);
  switch (name) {
    case 'icd-coding':
      return { ...fields, inputs, head: icdCodingHead({ config: config.head, inputs, labels: space }), over: alone };
    case 'readmission':
      return { ...fields, inputs, head: readmissionHead({ config: config.head, inputs, share: ANY_SHARE }), over: alone };
    case 'medication': {
      const model = medicationModel(config, space);
      return {
        ...fields,
        ...model,
        over: ({ historyOf, ...order }) => ({
          labels,
          plan: (source, rows) => planHistories(source, rows, historyOf),
          tensors: (visits, batch) => [...visitTensors(visits, model.inputs), ...pastTensors(order, batch, config.medication.history)],
        }),
      };
    }
  }
}

/** The labels by their rows of the vocabularies, kind by kind, as they were when the run was trained. */
function labelSpace(labels: readonly Label[], { kinds }: Vocabulary, { titles, dir }: { titles?: TitlePieces; dir: string }): LabelSpace {
  const ofKinds = [...new Set(labels.flatMap(({ kind }) => kind ?? []))];
  const groups = ofKinds.map((kind): LabelGroup => {
    const rowOf = new Map(kinds[kind].map(({ system, code }, row) => [`${system} ${code}`, row]));
    const rows = labels.filter((label) => label.kind === kind).map(({ system, code }) => rowOf.get(`${system} ${code}`) ?? missing(dir, code));
    return { kind, rows: Int32Array.from(rows) };
  });
  const codes = groups.flatMap(({ kind, rows }) => Array.from(rows, (row) => kinds[kind][row]!));
  return { groups, shares: labels.map(() => ANY_SHARE), learnt: learntAmong(codes), titles: titlesOf(groups, titles) };
}

function missing(dir: string, code: string): never {
  throw checkpointError(`${dir}: the label ${code} of task.json is not in vocab.json; the run is damaged, train it again`);
}

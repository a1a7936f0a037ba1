/** ICD coding: the codes of one kind of a visit, from its note and its codes of other kinds. */
import { configurationError, dataError } from '../../src/core/errors.js';
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import { icdCodingHead } from '../heads/icd-coding.js';
import { codeCounts, codeLabels, codeMatrix, labelsOfRow } from './code-labels.js';
import { cohortFlow } from './cohort.js';
import { inputsOf } from './declarations.js';
import { noHistory, planVisits, targetTensors } from './single-visit.js';
import type { Task, TaskContext } from './task.js';
import { chooseRows, labelCounts, refuseShots } from './training-rows.js';

export function openIcdCoding({ dataset, config, seed }: TaskContext): Task {
  const { labels: wanted, head } = config;
  const { kind } = wanted;
  const inputs = inputsOf('icd-coding', config);
  if (inputs.includes(kind)) throw configurationError(`finetune.inputs: ${kind} cannot be an input of ICD coding with finetune.labels.kind ${kind}: it is what the model must predict`);
  const steps = [{ step: `with ${kind} codes`, keeps: (row: number) => dataset.codes[kind].lengthOf(row) > 0 }];
  const targets = (split: SplitName) => cohortFlow(dataset, split, steps);
  const space = codeLabels(dataset, wanted);
  const carried = labelsOfRow(dataset, space);
  refuseShots('icd-coding', config.shots);
  const { trainRows, devRows, warnings } = chooseRows({ dataset, config, seed, train: targets('train').rows, dev: targets('dev').rows, labelsOf: carried });
  assertTrainable(dataset, trainRows, kind);
  const counts = labelCounts(trainRows, carried, space.rows.length);
  const labels = space.codes.map(({ system, code, title }, label) => ({ system, code, title, count: counts[label]! }));
  const matrixOf = codeMatrix(dataset, space);
  return {
    name: 'icd-coding',
    inputs,
    labelKind: kind,
    labels,
    flow: { train: targets('train').flow, dev: targets('dev').flow, test: targets('test').flow },
    trainRows,
    devRows,
    warnings,
    targets: (split) => targets(split).rows,
    matrixOf,
    goldCounts: codeCounts(dataset, kind),
    historyOf: noHistory,
    plan: planVisits,
    tensors: (visits, batch) => targetTensors(visits, batch, { inputs, labels, matrixOf }),
    head: icdCodingHead({ config: head, inputs, labelKind: kind, rows: space.rows, shares: counts.map((count) => count / trainRows.length) }),
  };
}

export function assertTrainable({ dir }: Dataset, rows: Int32Array, kind: string): void {
  if (!rows.length) throw dataError(`${dir}: no training visit has ${kind} codes: there is nothing to learn from`);
}

/** ICD coding: the codes of one kind of a visit, from its note and its codes of other kinds. */
import { configurationError } from '../../src/core/errors.js';
import { icdCodingHead } from '../heads/icd-coding.js';
import { openCodeTask } from './code-labels.js';
import { selectCohorts } from './cohort.js';
import { inputsOf } from './declarations.js';
import { noHistory, planVisits, targetTensors } from './single-visit.js';
import type { Task, TaskContext } from './task.js';

export function openIcdCoding(context: TaskContext): Task {
  const { dataset, config } = context;
  const { labels: wanted, head } = config;
  const { kind } = wanted;
  const inputs = inputsOf('icd-coding', config);
  if (inputs.includes(kind)) throw configurationError(`finetune.inputs: ${kind} cannot be an input of ICD coding with finetune.labels.kind ${kind}: it is what the model must predict`);
  const cohorts = selectCohorts(dataset, [{ step: `with ${kind} codes`, keeps: (row) => dataset.codes[kind].lengthOf(row) > 0 }]);
  const { fields, space } = openCodeTask(context, { name: 'icd-coding', cohorts, wanted, needs: `${kind} codes` });
  return {
    ...fields,
    inputs,
    historyOf: noHistory,
    plan: planVisits,
    tensors: (visits, batch) => targetTensors(visits, batch, { ...fields, inputs }),
    head: icdCodingHead({ config: head, inputs, ...space }),
  };
}

/** ICD coding: the codes of one or several kinds of a visit, from its note and its codes of other kinds. */
import { configurationError } from '../../src/core/errors.js';
import { icdCodingHead } from '../heads/icd-coding.js';
import { carriesLabel, openCodeTask } from './code-labels.js';
import { selectCohorts } from './cohort.js';
import { inputsOf } from './declarations.js';
import { noHistory, planVisits, targetTensors } from './single-visit.js';
import type { Task, TaskContext } from './task.js';

export function openIcdCoding(context: TaskContext): Task {
  const { dataset, config } = context;
  const { labels: wanted } = config;
  const { kinds } = wanted;
  const inputs = inputsOf('icd-coding', config);
  const given = kinds.find((kind) => inputs.includes(kind));
  if (given) throw configurationError(`finetune.inputs: ${given} cannot be an input of ICD coding with finetune.labels.kinds ${kinds.join(', ')}: it is what the model must predict`);
  const named = `${kinds.join(' or ')} codes`;
  const cohorts = selectCohorts(dataset, [
    { step: `with ${named}`, keeps: (row) => kinds.some((kind) => dataset.codes[kind].lengthOf(row) > 0) },
    ...(wanted.visits === 'with-label' ? [{ step: 'with a label', keeps: carriesLabel(dataset, wanted) }] : []),
  ]);
  const { fields, space, targets } = openCodeTask(context, { name: 'icd-coding', cohorts, wanted, needs: named });
  return {
    ...fields,
    inputs,
    historyOf: noHistory,
    plan: planVisits,
    tensors: (visits, batch) => targetTensors(visits, batch, { ...targets, inputs }),
    head: icdCodingHead({ config: config.head, inputs, labels: space }),
  };
}

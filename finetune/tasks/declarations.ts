/** What each task reads and when it predicts, as the leak linter wants to know it. */
import { splitNames } from '../../src/dataset/index.js';
import type { TaskDeclaration, TaskInput, TaskReads } from '../../src/leaks/index.js';
import type { FinetuneConfig, Input } from '../config.js';
import { readsNoteOnly } from '../heads/icd-coding.js';
import type { Task, TaskName } from './task.js';

/** What the model reads unless `finetune.inputs` says otherwise: of the visit, or for medication of the past visits. */
export const defaultInputs: Record<TaskName, readonly Input[]> = {
  'icd-coding': ['text', 'rx'],
  readmission: ['text', 'dx', 'rx'],
  medication: ['text', 'dx', 'rx'],
};

/** What is read of the visit, or for medication of its past. */
export const inputsOf = (task: TaskName, { inputs, head }: FinetuneConfig): readonly Input[] => inputs ?? (readsNoteOnly(head.kind) ? ['text'] : defaultInputs[task]);

const of = (visit: TaskInput['visit'], modalities: readonly Input[]): TaskInput[] => modalities.map((modality) => ({ modality, visit }));

export function declarationOf(task: TaskName, config: FinetuneConfig): TaskDeclaration {
  const { labels, medication, allow_leaks } = config;
  const inputs = inputsOf(task, config);
  const shared = { task, allow: allow_leaks };
  switch (task) {
    case 'icd-coding':
      return { ...shared, predictionTime: 'after-coding', label: { kinds: labels.kinds, visit: 'same' }, inputs: of('same', inputs) };
    case 'readmission':
      return { ...shared, predictionTime: 'discharge', label: { kinds: ['next-admission'], visit: 'same' }, inputs: of('same', inputs) };
    case 'medication': {
      const own: Input[] = medication.history === 'released' ? ['rx'] : [];
      return { ...shared, predictionTime: 'admission', label: { kinds: ['rx'], visit: 'same' }, inputs: [...of('past', inputs), ...of('same', [...medication.current, ...own])] };
    }
  }
}

/** The rows that a task reads, in all splits. */
export const readsOf = ({ targets, historyOf }: Task): TaskReads => ({ targets: splitNames.flatMap((split) => [...targets(split)]), historyOf });

/** The tasks by name. */
import type { Task, TaskContext, TaskName } from './task.js';
import { openIcdCoding } from './icd-coding.js';
import { openMedication } from './medication.js';
import { openReadmission } from './readmission.js';

export { taskNames, type Label, type Task, type TaskBatch, type TaskName } from './task.js';

const tasks: Record<TaskName, (context: TaskContext) => Task> = { 'icd-coding': openIcdCoding, readmission: openReadmission, medication: openMedication };

export const openTask = (name: TaskName, context: TaskContext): Task => tasks[name](context);

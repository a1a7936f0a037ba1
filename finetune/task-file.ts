/** `task.json` of a run: what it predicts. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../src/core/errors.js';
import type { Label, TaskName } from './tasks/index.js';

/** Of a fine-tuned run. */
export interface TaskFile {
  task: TaskName;
  inputs: readonly string[];
  labels: readonly Label[];
  /** A label is predicted when its probability is strictly above. */
  threshold: number;
  /** The split that the threshold was tuned on. */
  threshold_from: 'dev';
}

/** @param dir a run; `File` is what its command writes @throws data error when the file is missing or damaged */
export function readTaskFile<File = TaskFile>(dir: string): File {
  const file = path.join(dir, 'task.json');
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as File;
  } catch (cause) {
    throw dataError(`${file}: missing or damaged; train the run again`, cause);
  }
}

export function writeTaskFile(dir: string, task: TaskFile): void {
  fs.writeFileSync(path.join(dir, 'task.json'), `${JSON.stringify(task, null, 1)}\n`);
}

/** A baseline run, opened for prediction. */
import { checkpointError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/dataset/index.js';
import { assertSameData } from '../../src/training/run-files.js';
import { goldOf, type Scored } from '../scoring.js';
import { openTask, type Task } from '../tasks/index.js';
import { storeNotes, tokenNotes } from './notes.js';
import { readBaseline } from './saved.js';
import { scoreNotes } from './text-model.js';

export interface FittedBaseline {
  task: Task;
  /** Of each label: it is predicted at or above. */
  thresholds: readonly number[];
  score(rows: Int32Array): Promise<Scored>;
}

export interface OpenBaselineOptions {
  /** Where whole notes are read from; needed when the run was trained on them. */
  store?: string;
  signal: AbortSignal;
}

/** @throws data or checkpoint error when `dir` is no baseline run, or does not fit the data or the notes */
export function openBaseline(dir: string, dataset: Dataset, { store, signal }: OpenBaselineOptions): FittedBaseline {
  const { manifest, config, task: file, model } = readBaseline(dir);
  assertSameData({ dir, manifest }, dataset);
  if ((file.text === 'store') !== (store !== undefined)) {
    throw checkpointError(`${dir}: was trained on ${file.text === 'store' ? 'whole notes; name their store with --store' : 'the notes as data/ holds them; leave --store out'}`);
  }
  const task = openTask('icd-coding', { dataset, config: config.finetune, seed: manifest.seed ?? 0 });
  if (codesOf(task.labels) !== codesOf(file.labels)) throw checkpointError(`${dir}: its labels are not those that ${dataset.dir} gives; predict for the data it was trained on`);
  const readNotes = store === undefined ? tokenNotes(dataset) : storeNotes(dataset, store, signal);
  return { task, thresholds: file.thresholds, score: async (rows) => ({ ...goldOf(task, rows), scores: await scoreNotes(model, rows, readNotes) }) };
}

const codesOf = (labels: Task['labels']): string => labels.map(({ system, code }) => `${system} ${code}`).join();

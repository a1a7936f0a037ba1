/** A fine-tuned or baseline run scored on a split: all that a report measures. */
import { expectArtifact } from '../../src/core/artifact.js';
import { dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import type { Dataset, SplitName } from '../../src/dataset/index.js';
import { openDevice } from '../../src/engine/index.js';
import type { Decide } from '../../src/metrics/label-figures.js';
import type { TaskDecisions } from '../../src/metrics/task-scores.js';
import { searchThreshold } from '../../src/metrics/threshold.js';
import { openBaseline } from '../baselines/fitted.js';
import { readBaseline } from '../baselines/saved.js';
import { openFittedRun } from '../fitted-run.js';
import type { Scored } from '../scoring.js';
import type { CohortStep, Label, Task, TaskName } from '../tasks/task.js';

export interface ScoreRunOptions {
  split: SplitName;
  /** Where a baseline that was trained on whole notes reads them. */
  store?: string;
  device: string;
  signal: AbortSignal;
  log: Logger;
}

export interface ScoredRun {
  task: TaskName;
  labels: readonly Label[];
  /** The task's cohort of the split. */
  flow: CohortStep[];
  /** Visits of the split that are predicted for, in the order of the scores. */
  visitIds: string[];
  /** `threshold` is the one tuned on dev, for the dialects that use one. */
  scores: TaskDecisions;
  /** How the run itself decides. */
  decide: Decide;
}

/** @throws data or checkpoint error when `run` is none of the two, or does not fit the data */
export async function scoreRun(run: string, dataset: Dataset, options: ScoreRunOptions): Promise<ScoredRun> {
  const { command } = expectArtifact(run, 'finetune', 'baseline');
  return command === 'baseline' ? scoreBaseline(run, dataset, options) : scoreFinetuned(run, dataset, options);
}

async function scoreFinetuned(run: string, dataset: Dataset, { split, device, signal, log }: ScoreRunOptions): Promise<ScoredRun> {
  const fitted = await openFittedRun(run, dataset, { device: await openDevice(device, log), signal, log });
  const { task, threshold } = fitted;
  try {
    const scored = await fitted.score(targetsOf(task, split, dataset));
    return scoredRun(task, { dataset, split, scored, threshold, decide: (_, score) => score > threshold });
  } finally {
    fitted.dispose();
  }
}

/** Its labels have thresholds of their own; the dialects' single one is tuned on dev as for any other model. */
async function scoreBaseline(run: string, dataset: Dataset, { split, store, signal }: ScoreRunOptions): Promise<ScoredRun> {
  const ofStore = readBaseline(run).task.text === 'store';
  if (ofStore && store === undefined) throw dataError(`${run}: reads whole notes, whose store is not found; name it with --store`);
  const { task, thresholds, score } = openBaseline(run, dataset, { store: ofStore ? store : undefined, signal });
  const scored = await score(targetsOf(task, split, dataset));
  const dev = await score(task.devRows);
  return scoredRun(task, { dataset, split, scored, threshold: searchThreshold(dev, dev.goldCounts).threshold, decide: (label, value) => value >= thresholds[label]! });
}

function targetsOf(task: Task, split: SplitName, { dir }: Dataset): Int32Array {
  const rows = task.targets(split);
  if (!rows.length) throw dataError(`${dir}: the ${split} split has no visit that ${task.name} predicts for; choose another --split`);
  return rows;
}

interface Parts {
  dataset: Dataset;
  split: SplitName;
  scored: Scored;
  threshold: number;
  decide: Decide;
}

function scoredRun({ name, labels, flow }: Task, { dataset, split, scored: { rows, ...matrix }, threshold, decide }: Parts): ScoredRun {
  const patients = Array.from(rows, (row) => dataset.patientIds[row]!);
  return { task: name, labels, flow: flow[split], visitIds: Array.from(rows, (row) => dataset.visitIds[row]!), scores: { ...matrix, threshold, patients }, decide };
}

/** Evaluation of a fine-tuned run on a split, beside references and, for synthetic data, the ceiling. */
import fs from 'node:fs';
import path from 'node:path';
import { writeArtifact } from '../../src/core/artifact.js';
import { dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { openDataset, type Dataset } from '../../src/dataset/index.js';
import { openDevice } from '../../src/engine/index.js';
import { dialectsOf, evaluateTask, figuresByFrequency, readInteractions, type DrugInteractions } from '../../src/metrics/evaluate-task.js';
import type { Scores } from '../../src/metrics/matrix.js';
import { searchThreshold } from '../../src/metrics/threshold.js';
import { openFittedRun, type FittedRun, type FittedRunOptions } from '../fitted-run.js';
import { goldOf, type Scored } from '../scoring.js';
import { inputsOf } from '../tasks/declarations.js';
import type { CohortStep, Task } from '../tasks/task.js';
import { ceilingScores } from './ceiling.js';
import { fitReferences } from './references.js';
import { saveScores } from './save-scores.js';

export interface EvaluateOptions {
  run: string;
  data: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  /** Fit the references too. */
  references: boolean;
  /** Add the same model with its linear layers in 8-bit integers. */
  int8: boolean;
  /** `ceiling/` of a synthetic data set. */
  ceiling?: string;
  /** Table of interacting drugs, for the rate of interactions among recommended medications. */
  interactions?: string;
  /** Write every score beside the figures. */
  saveScores: boolean;
  /** By default those of the task. */
  dialects?: readonly string[];
  device: string;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
}

/** A row of the table of results. */
export interface EvaluationRow {
  name: string;
  /** Tuned on dev. */
  threshold: number;
  /** Dialect → figure → value. */
  figures: Record<string, Record<string, number>>;
  /** Labels by how often training visits carry them → figure → value; where labels are codes. */
  bins?: Record<string, Record<string, number>>;
}

export interface EvaluationReport {
  task: string;
  split: string;
  visits: number;
  labels: number;
  inputs: readonly string[];
  /** The cohort of the split, step by step. */
  flow: CohortStep[];
  rows: EvaluationRow[];
}

export async function evaluate(options: EvaluateOptions): Promise<{ done: boolean; report: EvaluationReport }> {
  const { run, data, split, out, references, int8, ceiling, interactions, saveScores: saved, dialects, force } = options;
  const config = { split, references, int8, ceiling: ceiling !== undefined, interactions: interactions !== undefined, saved, dialects };
  const inputs = [run, data, ...[ceiling, interactions].filter((input) => input !== undefined)];
  const { done } = await writeArtifact({ command: 'evaluate', out, config, inputs, force }, async (dir) => {
    const report = await measure(options, dir);
    fs.writeFileSync(path.join(dir, 'evaluation.json'), `${JSON.stringify(report, null, 2)}\n`);
  });
  return { done, report: JSON.parse(fs.readFileSync(path.join(out, 'evaluation.json'), 'utf8')) as EvaluationReport };
}

/** Scores of the split, with the threshold that dev gave. */
interface ScoredRow {
  name: string;
  scores: Scores;
  threshold: number;
}

async function measure(options: EvaluateOptions, dir: string): Promise<EvaluationReport> {
  const { run, data, split, device, signal, log } = options;
  const dataset = await openDataset(data);
  const opened = await openDevice(device, log);
  const fitted = await openFittedRun(run, dataset, { device: opened, signal, log });
  const { task } = fitted;
  try {
    const rows = task.targets(split);
    if (!rows.length) throw dataError(`${data}: the ${split} split has no visit that ${task.name} predicts for`);
    const gold = goldOf(task, rows);
    const scored = await scoreEverything(fitted, { options, dataset, rows, quantized: { device: opened, quantize: 'int8', signal, log } });
    const measured = measureRows(task, { dataset, gold, interactions: interactionsOf(options, task), dialects: options.dialects });
    if (options.saveScores) saveScores(dir, { task, dataset, gold, scored });
    return { task: task.name, split, visits: rows.length, labels: task.labels.length, inputs: task.inputs, flow: task.flow[split], rows: scored.map(measured) };
  } finally {
    fitted.dispose();
  }
}

const interactionsOf = ({ interactions }: EvaluateOptions, { labels }: Task): DrugInteractions | undefined =>
  interactions === undefined ? undefined : readInteractions(interactions, labels.map(({ code }) => code));

interface EverythingOptions {
  options: EvaluateOptions;
  dataset: Dataset;
  rows: Int32Array;
  quantized: FittedRunOptions;
}

async function scoreEverything(fitted: FittedRun, { options, dataset, rows, quantized }: EverythingOptions): Promise<ScoredRow[]> {
  const { task, threshold, config } = fitted;
  const scored: ScoredRow[] = [{ name: 'model', scores: (await fitted.score(rows)).scores, threshold }];
  if (options.int8) scored.push({ name: 'model, int8', scores: await quantizedScores(options.run, dataset, rows, quantized), threshold });
  const { labels, trainRows, devRows, historyOf } = task;
  const inputs = inputsOf(task.name, config);
  const { current } = config.medication;
  const others = {
    ...(options.references ? fitReferences({ task: task.name, dataset, inputs, current, matrixOf: task.matrixOf, L: labels.length, trainRows, historyOf, log: options.log }) : {}),
    ...(options.ceiling === undefined ? {} : await ceilingScores(options.ceiling, dataset, { task: task.name, labels, inputs, current })),
  };
  const devGold = goldOf(task, devRows);
  for (const [name, scoresOf] of Object.entries(others)) scored.push({ name, scores: scoresOf(rows), threshold: tuned(devGold, scoresOf(devRows)) });
  return scored;
}

const tuned = (dev: Omit<Scored, 'scores'>, scores: Float32Array): number => searchThreshold({ ...dev, scores }, dev.goldCounts).threshold;

async function quantizedScores(run: string, dataset: Dataset, rows: Int32Array, options: FittedRunOptions): Promise<Scores> {
  const fitted = await openFittedRun(run, dataset, options);
  try {
    return (await fitted.score(rows)).scores;
  } finally {
    fitted.dispose();
  }
}

interface MeasureOptions {
  dataset: Dataset;
  gold: Omit<Scored, 'scores'>;
  interactions?: DrugInteractions;
  dialects?: readonly string[];
}

function measureRows({ name: task, labels, labelKinds }: Task, { dataset, gold, interactions, dialects = dialectsOf[task] }: MeasureOptions): (row: ScoredRow) => EvaluationRow {
  const patients = Array.from(gold.rows, (row) => dataset.patientIds[row]!);
  const labelCounts = labels.map(({ count }) => count);
  return ({ name, scores, threshold }) => {
    const input = { ...gold, scores, threshold, patients, interactions };
    const figures = evaluateTask(task, { ...input, dialects });
    return { name, threshold, figures, ...(labelKinds.length === 0 ? {} : { bins: figuresByFrequency({ ...input, labelCounts }) }) };
  };
}

/** Evaluation of a fine-tuned run on a split, beside reference coders and, for synthetic data, the ceiling. */
import fs from 'node:fs';
import path from 'node:path';
import { writeArtifact } from '../../src/core/artifact.js';
import { dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { openDataset, type Dataset } from '../../src/dataset/index.js';
import { openDevice } from '../../src/engine/index.js';
import { evaluateCoding, type CodingDialect } from '../../src/metrics/evaluate-coding.js';
import type { Scores } from '../../src/metrics/matrix.js';
import { searchThreshold } from '../../src/metrics/threshold.js';
import { openFittedRun, type FittedRunOptions } from '../fitted-run.js';
import { goldOf, type Scored } from '../scoring.js';
import { labelledRows } from '../tasks/icd-coding.js';
import { ceilingScores } from './ceiling.js';
import { fitReferences } from './references.js';

export interface EvaluateOptions {
  run: string;
  data: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  /** Fit the reference coders too. */
  references: boolean;
  /** Add the same model with its linear layers in 8-bit integers. */
  int8: boolean;
  /** `ceiling/` of a synthetic data set. */
  ceiling?: string;
  dialects: readonly CodingDialect[];
  device: string;
  force: boolean;
  log: Logger;
}

/** A row of the table of results. */
export interface EvaluationRow {
  name: string;
  /** Tuned on dev. */
  threshold: number;
  /** Dialect → figure → value. */
  figures: Record<string, Record<string, number>>;
}

export interface EvaluationReport {
  split: string;
  visits: number;
  labels: number;
  inputs: string[];
  rows: EvaluationRow[];
}

export async function evaluate(options: EvaluateOptions): Promise<{ done: boolean; report: EvaluationReport }> {
  const { run, data, split, out, references, int8, ceiling, dialects, force } = options;
  const config = { split, references, int8, ceiling: ceiling !== undefined, dialects };
  const inputs = [run, data, ...(ceiling === undefined ? [] : [ceiling])];
  const { done } = await writeArtifact({ command: 'evaluate', out, config, inputs, force }, async (dir) => {
    const report = await measure(options);
    fs.writeFileSync(path.join(dir, 'evaluation.json'), `${JSON.stringify(report, null, 2)}\n`);
  });
  return { done, report: JSON.parse(fs.readFileSync(path.join(out, 'evaluation.json'), 'utf8')) as EvaluationReport };
}

async function measure({ run, data, split, references, int8, ceiling, dialects, device, log }: EvaluateOptions): Promise<EvaluationReport> {
  const dataset = await openDataset(data);
  const opened = await openDevice(device, log);
  const fitted = openFittedRun(run, dataset, { device: opened, log });
  const { labels, task } = fitted;
  const rows = labelledRows(dataset, split, labels.kind);
  if (!rows.length) throw dataError(`${data}: the ${split} split has no visit with ${labels.kind} codes`);
  const devRows = labelledRows(dataset, 'dev', labels.kind);
  const base = goldOf(dataset, rows, labels);
  const devBase = goldOf(dataset, devRows, labels);
  const rowOf = (name: string, scores: Scores, threshold: number): EvaluationRow => ({ name, threshold, figures: evaluateCoding({ ...base, scores, threshold, dialects }) });
  try {
    const result: EvaluationRow[] = [rowOf('model', (await fitted.score(rows)).scores, task.threshold)];
    if (int8) result.push(rowOf('model, int8', await quantizedScores(run, dataset, rows, { device: opened, quantize: 'int8', log }), task.threshold));
    const others = {
      ...(references ? fitReferences({ dataset, labels, trainRows: fitted.trainRows }) : {}),
      ...(ceiling === undefined ? {} : { [`ceiling (${task.inputs.join(' + ')})`]: await ceilingScores(ceiling, dataset, labels, task.inputs) }),
    };
    for (const [name, scoresOf] of Object.entries(others)) result.push(rowOf(name, scoresOf(rows), tuned(devBase, scoresOf(devRows))));
    return { split, visits: rows.length, labels: labels.rows.length, inputs: task.inputs, rows: result };
  } finally {
    fitted.dispose();
  }
}

async function quantizedScores(run: string, dataset: Dataset, rows: Int32Array, options: FittedRunOptions): Promise<Scores> {
  const fitted = openFittedRun(run, dataset, options);
  try {
    return (await fitted.score(rows)).scores;
  } finally {
    fitted.dispose();
  }
}

const tuned = (dev: Omit<Scored, 'scores'>, scores: Float32Array): number => searchThreshold({ ...dev, scores }, dev.goldCounts).threshold;

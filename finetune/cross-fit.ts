/**
 * Predictions for every labelled visit by models that were not trained on its patient: one run a fold of the training patients. Visits of dev and test get the
 * mean of all runs. It is what another model may learn from (`medweave coder --scores`).
 */
import path from 'node:path';
import { makeFolder } from '../src/core/make-folder.js';
import { noticesOfInputs, writeNotices } from '../src/core/notices.js';
import { writeWhole } from '../src/core/output-file.js';
import { openDataset, type Dataset } from '../src/dataset/index.js';
import { openDevice } from '../src/engine/index.js';
import { predictionLine } from './evaluation/prediction-file.js';
import { openFittedRun } from './fitted-run.js';
import { finetune, type FinetuneOptions } from './run.js';
import type { Label } from './tasks/index.js';
import { isInFold, type Fold } from './tasks/hold-out.js';

export interface CrossFitOptions extends Omit<FinetuneOptions, 'task'> {
  folds: number;
  /** Codes written for a visit, the most probable. */
  top: number;
}

export interface CrossFit {
  finished: boolean;
  /** JSON Lines as `medweave predict` writes them; there when finished. */
  file: string;
  visits: number;
  /** Mean average precision on dev of each fold's run. */
  dev: number[];
}

/** Runs lie in `out/fold-K`; those that are there already are kept. */
export async function crossFit({ folds, top, ...options }: CrossFitOptions): Promise<CrossFit> {
  const { data, out, device, log } = options;
  const file = path.join(out, 'scores.jsonl');
  const dataset = await openDataset(data);
  const sums = new Map<number, { total: Float64Array; runs: number }>();
  const dev: number[] = [];
  let labels: readonly Label[] = [];
  makeFolder(out);
  for (let fold = 0; fold < folds; fold++) {
    const hold_out: Fold = { fold, of: folds };
    const run = path.join(out, `fold-${fold + 1}`);
    const result = await finetune({ ...options, task: 'icd-coding', out: run, config: { ...options.config, finetune: { ...options.config.finetune, hold_out } } });
    if (!result.finished) return { finished: false, file, visits: 0, dev };
    const fitted = await openFittedRun(run, dataset, { device: await openDevice(device, log), signal: options.signal, log });
    try {
      labels = fitted.task.labels;
      const { rows, scores, L } = await fitted.score(rowsUnseen(dataset, hold_out));
      rows.forEach((row, v) => add(sums, row, scores.subarray(v * L, (v + 1) * L)));
      dev.push(result.best?.score ?? NaN);
    } finally {
      fitted.dispose();
    }
  }
  const lines = [...sums].sort(([a], [b]) => a - b).map(([row, { total, runs }]) => lineOf(dataset.visitIds[row]!, total.map((sum) => sum / runs), { labels, top }));
  writeWhole(file, lines.join(''));
  writeNotices(out, noticesOfInputs([data, ...(options.from === undefined ? [] : [options.from])]));
  return { finished: true, file, visits: sums.size, dev };
}

/** Training visits of the fold, and all of dev and test. */
function rowsUnseen(dataset: Dataset, fold: Fold): Int32Array {
  const train = dataset.rowsOf('train').filter((row) => isInFold(dataset.patientIds[row]!, fold));
  return Int32Array.from([...train, ...dataset.rowsOf('dev'), ...dataset.rowsOf('test')]);
}

function add(sums: Map<number, { total: Float64Array; runs: number }>, row: number, scores: ArrayLike<number>): void {
  const sum = sums.get(row) ?? { total: new Float64Array(scores.length), runs: 0 };
  sums.set(row, sum);
  for (let label = 0; label < scores.length; label++) sum.total[label]! += scores[label]!;
  sum.runs++;
}

function lineOf(visit_id: string, probabilities: Float64Array, { labels, top }: { labels: readonly Label[]; top: number }): string {
  const ranked = labels.map(({ system, code }, label) => ({ system, code, probability: Number(probabilities[label]!.toFixed(6)) })).sort((a, b) => b.probability - a.probability);
  return predictionLine({ visit: visit_id, codes: ranked.slice(0, top) });
}

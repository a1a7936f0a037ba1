/** Predictions of a fine-tuned run for the visits of a split, as a file. */
import { expectArtifact } from '../../src/core/artifact.js';
import { configurationError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { noticesOfInputs, writeNotices } from '../../src/core/notices.js';
import { checkOutputFile } from '../../src/core/output-file.js';
import { openDataset, type Dataset } from '../../src/dataset/index.js';
import { openDevice } from '../../src/engine/index.js';
import { openBaseline } from '../baselines/fitted.js';
import { openFittedRun } from '../fitted-run.js';
import type { Scored } from '../scoring.js';
import type { Task } from '../tasks/index.js';
import { predictionEndings, writePredictionFile, type RankedCode } from './prediction-file.js';

export interface PredictOptions {
  /** Of `finetune`, or of `baseline`. */
  run: string;
  data: string;
  /** Of a baseline that was trained on whole notes: where they are. */
  store?: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  /** Codes a visit, best first. */
  top: number;
  /** Only codes above the run's threshold; of a baseline, each at or above its own. */
  thresholded: boolean;
  /** Linear layers in 8-bit integers. */
  int8: boolean;
  device: string;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
}

/** @returns visits and codes written */
export async function predict(options: PredictOptions): Promise<{ visits: number; codes: number }> {
  const { run, data, split, out, top, thresholded, force } = options;
  checkOutputFile(out, predictionEndings, force);
  const dataset = await openDataset(data);
  const fitted = await openScorer(run, dataset, options);
  try {
    const rows = fitted.task.name === 'icd-coding' ? dataset.rowsOf(split) : fitted.task.targets(split);
    const scored = await fitted.score(rows);
    const isShown = thresholded ? fitted.isPredicted : (): boolean => true;
    const ranked = Array.from(rows.keys(), (v) => rankedCodes(scored, v, fitted.task, isShown).slice(0, top));
    await writePredictionFile(out, ranked.map((codes, v) => ({ visit: dataset.visitIds[rows[v]!]!, codes })));
    writeNotices(out, noticesOfInputs([run, data]));
    return { visits: rows.length, codes: ranked.reduce((sum, codes) => sum + codes.length, 0) };
  } finally {
    fitted.dispose();
  }
}

/** A run of either kind over a data set. */
interface Scorer {
  task: Task;
  score(rows: Int32Array): Promise<Scored>;
  isPredicted: (label: number, probability: number) => boolean;
  dispose(): void;
}

async function openScorer(run: string, dataset: Dataset, { store, int8, device, signal, log }: PredictOptions): Promise<Scorer> {
  if (expectArtifact(run, 'finetune', 'baseline').command === 'baseline') {
    const { thresholds, ...fitted } = openBaseline(run, dataset, { store, signal });
    return { ...fitted, isPredicted: (label, probability) => probability >= thresholds[label]!, dispose: () => undefined };
  }
  if (store !== undefined) throw configurationError(`--store: ${run} reads notes from its data; leave --store out`);
  const { threshold, ...fitted } = await openFittedRun(run, dataset, { device: await openDevice(device, log), quantize: int8 ? 'int8' : undefined, signal, log });
  return { ...fitted, isPredicted: (_, probability) => probability > threshold };
}

function rankedCodes({ scores, L }: Scored, v: number, { labels }: Task, isShown: Scorer['isPredicted']): RankedCode[] {
  const ofVisit = scores.subarray(v * L, (v + 1) * L);
  return [...labels.keys()]
    .filter((label) => isShown(label, ofVisit[label]!))
    .map((label) => ({ system: labels[label]!.system, code: labels[label]!.code, probability: ofVisit[label]! }))
    .sort((a, b) => b.probability - a.probability);
}

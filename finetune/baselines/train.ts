/** `medweave baseline`: data/ → a run of TF-IDF and logistic regression, with its figures on dev and test. */
import fs from 'node:fs';
import path from 'node:path';
import { writeArtifact } from '../../src/core/artifact.js';
import { dataError } from '../../src/core/errors.js';
import type { Logger } from '../../src/core/log.js';
import { openDataset, type Dataset, type SplitName } from '../../src/dataset/index.js';
import { assertNoLeaks } from '../../src/leaks/index.js';
import { mimicIcdCoder, publishedTop50 } from '../../src/metrics/dialects/mimic-icd-coder.js';
import { evaluateCoding } from '../../src/metrics/evaluate-coding.js';
import { tuneLabelThresholds } from '../../src/metrics/label-thresholds.js';
import { searchThreshold } from '../../src/metrics/threshold.js';
import { namedFigures } from '../../src/metrics/named-figures.js';
import { copyVocabularies, lineage } from '../../src/training/run-files.js';
import { trackedFromStart, type Tracker } from '../../src/training/tracker.js';
import { finetuneSchema, type FinetuneConfig } from '../config.js';
import { goldOf, type Scored } from '../scoring.js';
import { declarationOf, readsOf } from '../tasks/declarations.js';
import { openTask, type Task } from '../tasks/index.js';
import type { BaselineConfig } from './config.js';
import { storeNotes, tokenNotes } from './notes.js';
import { writeBaseline } from './saved.js';
import { fitTextModel, scoreNotes } from './text-model.js';
import { openThreads } from './threads.js';

export interface BaselineOptions {
  data: string;
  /** Where the data was prepared from, to read whole notes. */
  store?: string;
  out: string;
  config: { baseline: BaselineConfig; finetune: FinetuneConfig };
  threads: number;
  seed: number;
  force: boolean;
  signal: AbortSignal;
  /** Told of the run: parameters at its start, figures at its end. */
  tracker?: Tracker;
  log: Logger;
}

export interface BaselineReport {
  text: 'store' | 'tokens';
  labels: number;
  terms: number;
  /** Dialect → figure → value; thresholds are tuned on dev, so that dev's own figures are the better for it. */
  splits: { split: SplitName; visits: number; figures: Record<string, Record<string, number>> }[];
  /** What the mimic-icd-coder reports for MIMIC-IV. */
  published: Record<string, number>;
}

export async function trainBaseline(options: BaselineOptions): Promise<{ done: boolean; report: BaselineReport }> {
  const { data, store, out, seed, force, signal, tracker } = options;
  const config = { baseline: options.config.baseline, finetune: textOnly(options.config.finetune), text: store === undefined ? 'tokens' : 'store' };
  const inputs = store === undefined ? [data] : [data, store];
  const { done } = await writeArtifact({ command: 'baseline', out, config, inputs, seed, force }, async (dir) => {
    return trackedFromStart(tracker, { command: 'baseline', directory: dir, out, config, seed, inputs }, signal, async () => {
      const dataset = await openDataset(data);
      const report = await train(options, dataset, dir);
      fs.writeFileSync(path.join(dir, 'evaluation.json'), `${JSON.stringify(report, null, 2)}\n`);
      for (const { split, figures } of report.splits) tracker?.metrics({ step: 0, time: Date.now(), values: namedFigures(split, figures) });
      return lineage(dataset);
    });
  });
  if (done) await tracker?.finish('finished', out);
  return { done, report: JSON.parse(fs.readFileSync(path.join(out, 'evaluation.json'), 'utf8')) as BaselineReport };
}

/** The task as `finetune icd-coding` has it: labels, cohort and training visits; of the model's settings none. */
const textOnly = ({ labels, fraction, fraction_by, shots, allow_leaks }: FinetuneConfig): FinetuneConfig =>
  finetuneSchema.parse({ labels, fraction, fraction_by, shots, allow_leaks, inputs: ['text'] });

async function train({ store, config: { baseline, finetune }, threads: count, seed, signal, log }: BaselineOptions, dataset: Dataset, dir: string): Promise<BaselineReport> {
  const config = { baseline, finetune: textOnly(finetune) };
  const task = openTask('icd-coding', { dataset, config: config.finetune, seed });
  for (const warning of task.warnings) log.warn(`baseline: ${warning}`);
  assertNoLeaks({ dataset, declaration: declarationOf('icd-coding', config.finetune), reads: () => readsOf(task), log });
  if (!task.devRows.length) throw dataError(`${dataset.dir}: no dev visit to tune thresholds on; prepare the data with a dev set`);
  const readNotes = store === undefined ? tokenNotes(dataset) : storeNotes(dataset, store, signal);
  const threads = openThreads(count, signal);
  try {
    const model = await fitTextModel({ config: baseline, readNotes, rows: task.trainRows, labelsOf: labelsOf(task), L: task.labels.length, threads, log });
    const scored = async (rows: Int32Array): Promise<Scored> => ({ ...goldOf(task, rows), scores: await scoreNotes(model, rows, readNotes) });
    const dev = await scored(task.devRows);
    const { min_support: minSupport, fallback } = baseline.thresholds;
    const thresholds = tuneLabelThresholds(dev, { minSupport, fallback });
    const text = store === undefined ? 'tokens' : 'store';
    writeBaseline(dir, { config, model, task: { task: 'icd-coding', inputs: ['text'], text, labels: task.labels, thresholds: [...thresholds], threshold_from: 'dev' } });
    copyVocabularies(dataset.dir, dir);
    return { text, labels: task.labels.length, terms: model.tfidf.terms.length, splits: await figuresBySplit(task, { dev, thresholds, scored }), published: publishedTop50 };
  } finally {
    await threads.close();
  }
}

const labelsOf = ({ matrixOf }: Task) => (row: number): number[] => {
  const carried = matrixOf(Int32Array.of(row));
  return [...carried.keys()].filter((label) => carried[label]);
};

interface FigureOptions {
  dev: Scored;
  thresholds: Float32Array;
  scored: (rows: Int32Array) => Promise<Scored>;
}

async function figuresBySplit(task: Task, { dev, thresholds, scored }: FigureOptions): Promise<BaselineReport['splits']> {
  const { threshold } = searchThreshold(dev, dev.goldCounts);
  const figuresOf = (split: SplitName, matrix: Scored): BaselineReport['splits'][number] => ({
    split,
    visits: matrix.V,
    figures: { 'mimic-icd-coder': mimicIcdCoder(insideOnly(matrix), thresholds), ...evaluateCoding({ ...matrix, threshold, dialects: ['edin'] }) },
  });
  const test = task.targets('test');
  return [figuresOf('dev', dev), ...(test.length ? [figuresOf('test', await scored(test))] : [])];
}

/** Without the gold counts, which see codes outside the label space too. */
const insideOnly = ({ scores, labels, V, L }: Scored) => ({ scores, labels, V, L });


/** `medweave bench baseline`: TF-IDF and logistic regression on synthetic notes, from the file to thresholds, in a process of its own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tableFromArrays } from 'apache-arrow';
import type { BaselineConfig } from '../../finetune/baselines/config.js';
import type { Logger } from '../core/log.js';
import { createProgress } from '../core/progress.js';
import { writeParquet } from '../dataset/parquet/write.js';
import type { BaselineMeasurement, BaselineRequest } from './baseline-process.js';
import { inOwnProcess } from './own-process.js';
import { syntheticNotes, visitOf, type SyntheticNotes } from './synthetic-notes.js';

export interface BaselineBenchOptions extends SyntheticNotes {
  threads: number;
  config: BaselineConfig;
  signal: AbortSignal;
  log: Logger;
}

export interface BaselineBench extends BaselineMeasurement {
  what: 'baseline';
  /** Training notes, and the dev notes that thresholds are tuned on. */
  notes: number;
  dev_notes: number;
  words: number;
  labels: number;
  threads: number;
  /** At which the fits stopped. */
  tolerance: number;
  seed: number;
  /** Of the file that is read. */
  text_mib: number;
  load_average: number[];
}

/** Dev notes for each training note. */
const DEV_SHARE = 0.1;

export async function benchBaseline({ signal, log, threads, config, ...synthetic }: BaselineBenchOptions): Promise<BaselineBench> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-bench-'));
  const dev = Math.ceil(synthetic.notes * DEV_SHARE);
  try {
    const request: BaselineRequest = { file: path.join(directory, 'notes.parquet'), labels: [], train: synthetic.notes, L: synthetic.labels, threads, config };
    await writeNotes(request, { ...synthetic, notes: synthetic.notes + dev }, { signal, log });
    const text_mib = Math.round(fs.statSync(request.file).size / 2 ** 20);
    const measured = await inOwnProcess<BaselineRequest, BaselineMeasurement>(new URL('./baseline-process.js', import.meta.url), request, signal);
    return { what: 'baseline', ...synthetic, dev_notes: dev, threads, tolerance: config.regression.tolerance, text_mib, ...measured, load_average: os.loadavg() };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** The columns of a store's notes, and the labels into the request. */
async function writeNotes({ file, labels }: BaselineRequest, synthetic: SyntheticNotes, { signal, log }: { signal: AbortSignal; log: Logger }): Promise<void> {
  const progress = createProgress({ label: 'writing', total: synthetic.notes, unit: 'synthetic notes', log });
  async function* tables() {
    let texts: string[] = [];
    for (const note of syntheticNotes(synthetic)) {
      texts.push(note.text);
      labels.push(note.labels);
      if (texts.length < NOTES_A_TABLE && labels.length < synthetic.notes) continue;
      signal.throwIfAborted();
      yield tableFromArrays({ visit_id: texts.map((_, i) => visitOf(labels.length - texts.length + i)), text: texts });
      progress.update(labels.length);
      texts = [];
    }
  }
  await writeParquet(file, tables());
  progress.finish();
}

const NOTES_A_TABLE = 1024;

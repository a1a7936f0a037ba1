/** The program of the process in which `medweave bench baseline` reads, fits and tunes: its time and its memory are those of the baseline alone. */
import type { BaselineConfig } from '../../finetune/baselines/config.js';
import { readNotesFile, type ReadNotes } from '../../finetune/baselines/notes.js';
import { fitTextModel, scoreNotes } from '../../finetune/baselines/text-model.js';
import { openThreads } from '../../finetune/baselines/threads.js';
import { createLogger } from '../core/log.js';
import { mimicIcdCoder, type MimicIcdCoderFigures } from '../metrics/dialects/mimic-icd-coder.js';
import { tuneLabelThresholds } from '../metrics/label-thresholds.js';
import { peakMemoryMiB } from './machine.js';
import { timed } from './measure.js';
import { answerFromOwnProcess } from './own-process.js';
import { visitOf } from './synthetic-notes.js';

export interface BaselineRequest {
  /** Parquet with the columns of a store's notes. */
  file: string;
  /** Of each note in the file. */
  labels: number[][];
  /** The first so many notes are learnt from, the others are dev. */
  train: number;
  L: number;
  threads: number;
  config: BaselineConfig;
}

export interface BaselineMeasurement {
  /** From the file to the tuned thresholds. */
  seconds: number;
  /** Processor time of all threads. */
  processor_seconds: number;
  /** Cores that other processes kept busy meanwhile. */
  others_cores: number;
  notes_per_second: number;
  peak_memory_mib: number;
  terms: number;
  evaluations: number;
  unconverged: number;
  /** Of dev, on which the thresholds were tuned: that something was learnt. */
  dev: MimicIcdCoderFigures;
}

answerFromOwnProcess(measure);

async function measure({ file, labels, train, L, threads: count, config }: BaselineRequest, signal: AbortSignal): Promise<BaselineMeasurement> {
  const rows = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
  const readNotes: ReadNotes = (wanted, use) => readNotesFile(file, new Map(Array.from(wanted, (row) => [visitOf(row), row])), { clean: (text) => text, signal, use });
  const fitting = { config, readNotes, rows: rows(0, train), labelsOf: (row: number) => labels[row]!, L, log: createLogger({ level: 'info' }) };
  let outcome: Pick<BaselineMeasurement, 'terms' | 'evaluations' | 'unconverged' | 'dev'> | undefined;
  const { ms, processorMs, othersCores } = await timed(async () => {
    const threads = openThreads(count, signal);
    try {
      const model = await fitTextModel({ ...fitting, threads });
      const devRows = rows(train, labels.length);
      const dev = { scores: await scoreNotes(model, devRows, readNotes), labels: matrixOf(devRows, labels, L), V: devRows.length, L };
      outcome = { terms: model.tfidf.terms.length, evaluations: model.models.evaluations, unconverged: model.models.unconverged, dev: mimicIcdCoder(dev, tuneLabelThresholds(dev)) };
    } finally {
      await threads.close();
    }
  });
  return { seconds: ms / 1000, processor_seconds: processorMs / 1000, others_cores: othersCores, notes_per_second: train / (ms / 1000), peak_memory_mib: peakMemoryMiB(), ...outcome! };
}

function matrixOf(rows: Int32Array, labels: readonly number[][], L: number): Uint8Array {
  const matrix = new Uint8Array(rows.length * L);
  rows.forEach((row, v) => labels[row]!.forEach((label) => (matrix[v * L + label] = 1)));
  return matrix;
}

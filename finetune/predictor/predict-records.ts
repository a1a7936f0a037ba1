/** Predictions for records that are in no data set, as a file. */
import type { Logger } from '../../src/core/log.js';
import { noticesOfInputs, writeNotices } from '../../src/core/notices.js';
import { checkOutputFile } from '../../src/core/output-file.js';
import { createProgress } from '../../src/core/progress.js';
import type { Device } from '../../src/engine/index.js';
import { predictionEndings, writePredictionFile, type PredictedVisit } from '../evaluation/prediction-file.js';
import { openPredictor } from './open.js';
import type { Prediction, Predictor } from './predictor.js';
import { readRecords, type NamedRecord } from './records-file.js';

export interface PredictRecordsOptions {
  /** Of `finetune`, `baseline` or `coder`. */
  run: string;
  /** See {@link readRecords}. */
  records: string;
  out: string;
  /** Codes a record, best first. */
  top: number;
  /** Only codes that the model decides for. */
  thresholded: boolean;
  int8: boolean;
  device: Device;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
}

export interface PredictedRecords {
  records: number;
  codes: number;
  /** Records of which the end was not read. */
  truncated: number;
  /** Given codes that the model has not read. */
  unknownCodes: number;
}

/** Holds a batch of records at a time. */
export async function predictRecords(options: PredictRecordsOptions): Promise<PredictedRecords> {
  const { run, records, out, int8, device, force, log } = options;
  checkOutputFile(out, predictionEndings, force);
  const predictor = await openPredictor(run, { device, ...(int8 && { quantize: 'int8' as const }) });
  const done: PredictedRecords = { records: 0, codes: 0, truncated: 0, unknownCodes: 0 };
  const progress = createProgress({ label: 'predicting', unit: 'records', log });
  try {
    await writePredictionFile(out, predicted(predictor, options, (prediction, shown) => {
      done.records++;
      done.codes += shown;
      done.truncated += Number(prediction.truncated);
      done.unknownCodes += prediction.unknownCodes.length;
      progress.update(done.records);
    }));
    progress.finish();
    writeNotices(out, noticesOfInputs([run, records]));
    return done;
  } finally {
    predictor.dispose();
  }
}

async function* predicted(predictor: Predictor, { records, top, thresholded, signal }: PredictRecordsOptions, count: (prediction: Prediction, shown: number) => void): AsyncGenerator<PredictedVisit> {
  for await (const batch of inBatches(readRecords(records), predictor.batchSize)) {
    signal.throwIfAborted();
    const predictions = await predictor.predict(batch);
    for (const [r, prediction] of predictions.entries()) {
      const codes = (thresholded ? prediction.codes.filter((code) => code.predicted) : prediction.codes).slice(0, top);
      count(prediction, codes.length);
      yield { visit: batch[r]!.id, codes };
    }
  }
}

async function* inBatches(records: AsyncIterable<NamedRecord>, size: number): AsyncGenerator<NamedRecord[]> {
  let batch: NamedRecord[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length) yield batch;
}

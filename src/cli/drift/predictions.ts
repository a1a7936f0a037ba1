/** What a model predicts for visits of a data set, as features whose drift is measured. Notes and codes come from the store. */
import { openPredictor, type ClinicalRecord, type GivenCode, type Prediction, type Predictor, type VisitRecord } from '../../../finetune/predictor/index.js';
import { pastVisits } from '../../../finetune/tasks/history.js';
import { dataError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { createProgress } from '../../core/progress.js';
import { createRng } from '../../core/rng.js';
import type { Device } from '../../engine/index.js';
import { clusteredCategories, onePerPatient, rowsOf, storeOf, type Feature, type PredictionFeatures, type SampledFeatures, type Side } from '../../drift/index.js';
import { openStore, queryRows, sqlString, withDuckDB } from '../../records/store.js';

export interface PredictionOptions {
  /** Written by `finetune`, `baseline` or `coder`. */
  run: string;
  /** Most visits of each side that are predicted for; more are drawn from. */
  most: number;
  seed: number;
  device: Device;
  signal: AbortSignal;
  log: Logger;
}

/** @throws data error where a store is gone: the model reads notes and codes as they were written, since its tokenizer and vocabularies may be others than the data's */
export async function predictionFeatures({ reference, current }: { reference: Side; current: Side }, options: PredictionOptions): Promise<PredictionFeatures> {
  const predictor = await openPredictor(options.run, { device: options.device });
  try {
    const a = await predictFor(predictor, reference, options);
    const b = await predictFor(predictor, current, options);
    const watched = mostPredicted(a.predictions);
    return { reference: sampled(a, watched), current: sampled(b, watched) };
  } finally {
    predictor.dispose();
  }
}

interface Predicted {
  patients: string[];
  visits: string[];
  predictions: Prediction[];
}

async function predictFor(predictor: Predictor, side: Side, { most, seed, signal, log }: PredictionOptions): Promise<Predicted> {
  const { dataset } = side;
  const historyOf = pastVisits(dataset, 1);
  // What reads the past predicts nothing for a patient's first visit.
  const all = rowsOf(side).filter((row) => !predictor.card.inputs.includes('history') || historyOf(row).length > 0);
  const rows = all.length <= most ? all : Int32Array.from(createRng(seed, 'drift', dataset.dir).sample([...all], most)).sort();
  const readRecords = await recordReader(side, predictor.card.inputs);
  const progress = createProgress({ label: 'predicting', total: rows.length, unit: 'visits', log });
  const predictions: Prediction[] = [];
  for (let first = 0; first < rows.length; first += predictor.batchSize) {
    signal.throwIfAborted();
    predictions.push(...(await predictor.predict(readRecords(rows.subarray(first, first + predictor.batchSize)))));
    progress.update(predictions.length);
  }
  progress.finish();
  return { patients: Array.from(rows, (row) => dataset.patientIds[row]!), visits: Array.from(rows, (row) => dataset.visitIds[row]!), predictions };
}

interface StoredVisit { visit_id: string; text: string | null; codes: { kind: string; system: string; code: string }[] }

/** @returns a function from rows of the data set to records with what the model reads, the patient's past visits among it where it reads them */
async function recordReader({ dataset }: Side, inputs: readonly string[]): Promise<(rows: Int32Array) => ClinicalRecord[]> {
  const store = storeOf(dataset.manifest);
  if (store === undefined) throw dataError(`${dataset.dir}: the store that it was prepared from is gone or has changed; --run needs its notes and codes, so leave --run out or prepare the data again`);
  const visits = await readVisits(store);
  const visitOf = (row: number): VisitRecord => {
    const stored = visits.get(dataset.visitIds[row]!);
    const codes = stored?.codes.filter(({ kind }) => inputs.includes(kind)) as GivenCode[] | undefined;
    return { ...(inputs.includes('text') && stored?.text && { text: stored.text }), ...(codes?.length && { codes }) };
  };
  const historyOf = pastVisits(dataset, Infinity);
  return (rows) => Array.from(rows, (row) => ({ ...visitOf(row), ...(inputs.includes('history') && { history: historyOf(row).map(visitOf) }) }));
}

async function readVisits(dir: string): Promise<Map<string, StoredVisit>> {
  const { files } = openStore(dir);
  const of = (table: keyof typeof files): string => `read_parquet(${sqlString(files[table])})`;
  const rows = await withDuckDB({}, (connection) => queryRows<StoredVisit>(connection, `
    select visit_id, text, coalesce(codes, []) as codes from ${of('visits')} v left join (select visit_id, text from ${of('notes')}) n using (visit_id)
    left join (select visit_id, list({kind: kind, system: system, code: code} order by kind, position) as codes from ${of('codes')} group by visit_id) c using (visit_id)`));
  return new Map(rows.map((row) => [row.visit_id, row]));
}

const nameOf = ({ system, code }: { system: string; code: string }): string => `${system} ${code}`;

/** Labels whose scores are watched one by one. */
const WATCHED = 20;

function mostPredicted(predictions: readonly Prediction[]): string[] {
  const { counts } = clusteredCategories({ name: '', group: 'prediction' }, predictions.map(({ codes }) => ['', codes.filter(({ predicted }) => predicted).map(nameOf)] as const));
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, WATCHED).map(([label]) => label);
}

function sampled(predicted: Predicted, watched: readonly string[]): SampledFeatures {
  const chosen = onePerPatient(predicted.patients, predicted.visits);
  const of = <Value>(values: readonly Value[]): Value[] => chosen.map((i) => values[i]!);
  return { all: featuresOf(predicted, watched), independent: featuresOf({ patients: of(predicted.patients), predictions: of(predicted.predictions) }, watched) };
}

function featuresOf({ patients, predictions }: Omit<Predicted, 'visits'>, watched: readonly string[]): Feature[] {
  const numeric = (name: string, value: (prediction: Prediction) => number): Feature => ({ type: 'numeric', group: 'prediction', name, values: Float64Array.from(predictions, value) });
  const scores = predictions.map(({ codes }) => new Map(codes.map((code) => [nameOf(code), code.probability])));
  return [
    numeric('highest score', ({ codes }) => codes[0]?.probability ?? 0),
    numeric('labels predicted a visit', ({ codes }) => codes.filter(({ predicted }) => predicted).length),
    numeric('codes given that the model does not know, a visit', ({ unknownCodes }) => unknownCodes.length),
    clusteredCategories({ name: 'labels predicted', group: 'prediction' }, predictions.map(({ codes }, i) => [patients[i]!, codes.filter(({ predicted }) => predicted).map(nameOf)] as const)),
    ...watched.map((label): Feature => ({ type: 'numeric', group: 'prediction', name: `score of ${label}`, values: Float64Array.from(scores, (own) => own.get(label) ?? 0) })),
  ];
}

/** What the report of a demo run is made from. */
import type { HistoryEntry } from '../training/loop.js';

/** The history of one training run. */
export interface RunCurve {
  name: string;
  history: HistoryEntry[];
  /** Step of the weights that were kept. */
  best?: number;
}

/** Figures of one coder; NaN (or `null`, from JSON) where a figure is undefined. */
export interface CodingResult {
  map: number;
  micro_f1: number;
  macro_f1: number;
  micro_auc: number;
  precision_at_5: number;
  precision_at_8?: number;
  precision_at_15?: number;
}

export interface ResultRow {
  name: string;
  /** What the coder reads, e.g. `text + codes`; a model and the ceiling it is held against have the same text here. */
  inputs: string;
  /** `null` where the question does not arise. */
  pretrained: boolean | null;
  figures: CodingResult;
  /** `ceiling`: the true probabilities given the inputs, known because the data are synthetic. */
  kind: 'model' | 'reference' | 'ceiling';
  /** MAP divided by the MAP of the ceiling, in [0, 1]. */
  share_of_ceiling?: number;
}

export interface Results {
  /** Which definitions the figures follow; see docs/metrics.md. */
  dialect: string;
  split: string;
  visits: number;
  labels: number;
  rows: ResultRow[];
}

export interface DemoReport {
  title: string;
  /** ISO 8601. */
  createdAt: string;
  version: string;
  device: string;
  /** Wall clock of the whole demo. */
  seconds: number;
  /** One or two plain sentences: what was done and what came out. */
  summary: string;
  facts: [label: string, value: string][];
  /** The cohort after each step. */
  flow: { step: string; visits: number; patients: number }[];
  pretraining: RunCurve;
  finetuning: RunCurve[];
  results: Results;
  limits: string[];
  /** Commands to try. */
  next: { what: string; command: string }[];
}

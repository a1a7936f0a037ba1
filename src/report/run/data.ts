/** What the report of fine-tuned runs is made from; as JSON it is `report.json`. */
import type { Comparison } from '../../compare/results.js';
import type { Notices } from '../../core/notices.js';
import type { DataDescription, Flow, SplitName } from '../../dataset/index.js';
import type { Assessment } from '../../metrics/assess.js';
import type { MovedInterval } from '../../metrics/resample.js';
import type { TaskName } from '../../metrics/task-scores.js';
import type { HistoryEntry } from '../../training/loop.js';
import type { ShownNote } from '../explanation-data.js';

export interface FlowStep {
  step: string;
  visits: number;
  patients: number;
}

export interface ReportedLabel {
  kind?: string;
  system: string;
  code: string;
  title?: string;
  /** Training visits (of those used) that carry it. */
  count: number;
}

export interface Curve {
  history: HistoryEntry[];
  /** Step of the weights that were kept. */
  best?: number;
}

/** Hashes of the files that make a run what it is. */
export type FileHashes = Record<string, string>;

export interface ReportedRun {
  /** Of its directory; unique in the report. */
  name: string;
  command: 'finetune' | 'baseline';
  version: string;
  createdAt: string;
  seed?: number;
  splitId?: string;
  inputs: readonly string[];
  labels: readonly ReportedLabel[];
  /** The one threshold, or undefined where each label has its own. */
  threshold?: number;
  /** Facts of the model in words, e.g. `text encoder` → `transformer, 2 layers of 128`. */
  model: [fact: string, value: string][];
  /** The resolved configuration. */
  config: unknown;
  hashes: FileHashes;
  notices: Notices;
  training: Curve;
  /** Directory name of the run that it was pre-trained in, and its history where that still exists. */
  pretrainedFrom?: string;
  pretraining?: Curve;
  /** The task's cohort of the split. */
  flow?: FlowStep[];
  assessment?: Assessment;
}

/** Of the run at the same place but for the first one, against which the others stand. */
export interface RunDifference {
  run: string;
  against: string;
  /** By figure; absent where the two were scored on other visits. */
  figures?: Record<string, MovedInterval>;
}

/** Of a store's coverage.json, as far as it has them. */
export interface StoreCoverage {
  source?: string;
  flow: FlowStep[];
  codes: { kind: string; system: string; rows: number; distinct: number; unknown_rows: number }[];
  drugs?: { named_rows: number; mapped_rows: number; skipped_rows: number; unmapped: { rows: number; distinct: number; most_frequent: { name: string; rows: number }[] } };
}

export interface ReportedData {
  name: string;
  version: string;
  createdAt: string;
  splitId?: string;
  notices: Notices;
  config: unknown;
  flow: Flow;
  description: DataDescription;
  hashes: FileHashes;
  /** Absent where the store that the data were prepared from is not found. */
  store?: StoreCoverage;
}

export interface Examples {
  /** `synthetic`: written by a program for this report; `store`: real notes of the split. */
  from: 'synthetic' | 'store';
  run: string;
  notes: ShownNote[];
}

export interface RunReport {
  createdAt: string;
  version: string;
  task: TaskName;
  split: SplitName;
  notices: Notices;
  runs: ReportedRun[];
  /** Of all intervals. */
  resampling: { replicates: number; seed: number };
  differences: RunDifference[];
  data?: ReportedData;
  fewShot?: Comparison;
  examples?: Examples;
  /** What is not in the report, and why. */
  missing: string[];
}

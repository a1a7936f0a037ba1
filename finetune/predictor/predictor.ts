/** What answers for new patients: codes with probabilities, and where in the text they come from, out of records that were in no data set. */
import type { ExplainedNote } from '../evidence/explained-note.js';
import type { TaskName } from '../tasks/index.js';

/** A code as a client gives it, in any spelling of its system. */
export interface GivenCode {
  /** `icd10cm`, `icd10pcs`, `icd9cm`, `icd9proc`, `atc`, or a name of the training data. */
  system: string;
  code: string;
  /** `dx`, `px` or `rx`; by default that of the system. */
  kind?: string;
}

/** One visit. Whatever is absent is absent: a model that was trained on notes and codes answers for either alone. */
export interface VisitRecord {
  /** Raw, as written. */
  text?: string;
  codes?: readonly GivenCode[];
}

/** A visit to predict for. */
export interface ClinicalRecord extends VisitRecord {
  /** The client's name for it. */
  id?: string;
  /** The patient's past visits, oldest first; medication recommendation reads them. */
  history?: readonly VisitRecord[];
}

export interface PredictedCode {
  /** Absent where labels are no codes (readmission: system `task`, code `readmitted`). */
  kind?: string;
  system: string;
  /** Canonical. */
  code: string;
  title?: string;
  /** 0–1. */
  probability: number;
  /** By the rule that was tuned on dev. */
  predicted: boolean;
}

export interface Prediction {
  /** By falling probability: of a model with a fixed list of labels all, else those that it considers. */
  codes: PredictedCode[];
  /** Given codes that the model's vocabularies do not have: it has not read them. */
  unknownCodes: GivenCode[];
  /** The text is longer than what the model reads: its end was not read. */
  truncated: boolean;
}

export interface Explanation extends Prediction {
  /** The same codes, as many as asked for, with spans of the raw text. */
  note: ExplainedNote;
}

/** What the model is, for people and for `/v1/model`. */
export interface PredictorCard {
  /** `finetune`, `baseline`, `coder`: which command made it. */
  command: string;
  task: TaskName;
  /** What it reads: `text`, `dx`, `rx`, `px`, `history`. */
  inputs: readonly string[];
  /** Number of labels; of the combined coder: codes that training notes carried. */
  labels: number;
  /** Code systems of the labels. */
  systems: readonly string[];
  /** Pieces of the text that it reads at most; absent where there is no limit. */
  maxTokens?: number;
  licenceNotice?: string;
  /** Neither the model nor what it says may leave the circle of those who may read its training data. */
  doNotShare?: true;
  version: string;
}

export interface Predictor {
  readonly card: PredictorCard;
  /** Records that are predicted together at most; more are worked off in turn. */
  readonly batchSize: number;
  /** One prediction a record, in their order. Not to be called again before it has answered. @param top codes a record: the most probable, and all that are predicted; by default all */
  predict(records: readonly ClinicalRecord[], top?: number): Promise<Prediction[]>;
  /** With evidence; absent where the model attends to no text. Not to be called while `predict` works, or the other way round. @param top codes a note: the most probable, and all that are predicted */
  explain?(records: readonly ClinicalRecord[], top: number): Promise<Explanation[]>;
  /** Compiles what the first requests would otherwise wait for. */
  warmUp(): Promise<void>;
  dispose(): void;
}

/** What a task declares of its inputs and its label, and the leaks by name. */
import type { CodeKind } from '../dataset/index.js';

/** What `finetune.allow_leaks` may name; docs/leaks.md says what each is. */
export const leakNames = [
  'patient-overlap',
  'split-file',
  'vocabulary',
  'tokenizer',
  'pretraining-overlap',
  'pretraining-unknown',
  'target-diagnoses',
  'target-medications',
  'target-procedures',
  'same-visit-text',
  'overlapping-stays',
  'late-notes',
  'labels',
  'threshold',
] as const;
export type LeakName = (typeof leakNames)[number];

export interface TaskInput {
  modality: 'text' | CodeKind;
  /** `same`: of the visit that is predicted for; `past`: of the patient's earlier visits. */
  visit: 'same' | 'past';
}

export interface TaskDeclaration {
  task: string;
  /**
   * When the prediction is wanted; nothing that is only known later may be an input. `admission`: before the visit's medications are chosen (its diagnoses
   * are taken as known); `discharge`: the visit is over; `after-coding`: everything about the visit is known but its label.
   */
  predictionTime: 'admission' | 'discharge' | 'after-coding';
  label: { kinds: readonly (CodeKind | 'next-admission')[]; visit: 'same' };
  inputs: readonly TaskInput[];
  /** Leaks that are there on purpose (`finetune.allow_leaks`). */
  allow: readonly string[];
}

/** Which rows of the data set a task reads. */
export interface TaskReads {
  /** Visits that get a prediction, of all splits. */
  targets: ArrayLike<number>;
  /** Past visits that the prediction for a row reads. */
  historyOf: (row: number) => readonly number[];
}

/** A leak, with where, how much and what to do; never text of a note. */
export interface Leak {
  name: LeakName;
  message: string;
}

/** The outcome of one check. */
export interface Finding {
  /** What was looked at, in a few words. */
  check: string;
  /** `allowed`: a leak that is there on purpose; `unclear`: what was found can be neither passed nor called a leak. */
  status: 'ok' | 'leak' | 'allowed' | 'unclear';
  message: string;
  /** The leak's, allowed or not. */
  name?: LeakName;
}

export const passed = (check: string, message: string): Finding => ({ check, status: 'ok', message });
export const unclear = (check: string, message: string): Finding => ({ check, status: 'unclear', message });
export const leaked = (check: string, { name, message }: Leak): Finding => ({ check, status: 'leak', name, message });

/** What the evaluation of a task is given: the whole score matrix with its gold, and whose visits the rows are. */
import { shapeError } from '../core/errors.js';
import type { DrugInteractions } from './interactions.js';
import { checkGoldCounts, checkMatrix, type LabelMatrix } from './matrix.js';

/** The tasks by name. */
export type TaskName = 'icd-coding' | 'readmission' | 'medication';

/** Rows are the visits that the task predicts for, in any order; readmission has L = 1. */
export interface TaskScores extends LabelMatrix {
  /** [V]: gold labels of each visit, including those outside the label space. */
  goldCounts: Int32Array;
  /** [V]: whose visit it is. */
  patients: readonly string[];
  /** For medication; without it there is no rate of interactions. */
  interactions?: DrugInteractions;
}

/** Scores with the threshold that development data chose; only some dialects use it. */
export interface TaskDecisions extends TaskScores {
  threshold: number;
}

/** @throws shape or numeric error naming what does not fit */
export function checkTaskScores(input: TaskScores): void {
  checkMatrix(input);
  checkGoldCounts(input, input.goldCounts);
  if (input.patients.length !== input.V) throw shapeError(`metrics: patients should hold V = ${input.V} values, got ${input.patients.length}`);
  const { interactions } = input;
  if (interactions && interactions.L !== input.L) throw shapeError(`metrics: the interactions are of ${interactions.L} labels, the scores of L = ${input.L}`);
}

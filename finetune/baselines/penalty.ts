/** Choice of the penalty of one-vs-rest logistic regression, by cross-validation within the training visits. */
import { hash32 } from '../../src/core/rng.js';
import { averagePrecision } from '../../src/metrics/average-precision.js';
import { separateAll } from '../../src/metrics/separation.js';
import { type Csr, takeRows } from './csr.js';
import { LANES } from './lanes.js';
import { fitOneVsRest, scoreLabels } from './one-vs-rest.js';

/** From a strong penalty to hardly any. */
const GRID = [0.01, 0.1, 1, 10, 100, 1000, 10_000];
const FOLDS = 3;
/** Labels that decide for all: two blocks. */
const MAX_LABELS = 2 * LANES;

/** The search stops at this share of the best precision: it falls steadily once the penalty is too weak, and those fits are the slowest. */
const BEYOND = 0.98;

export interface PenaltyData {
  X: Csr;
  /** Label indices (below L) of each row. */
  labels: readonly (readonly number[])[];
  L: number;
  /** Of each row: a patient's visits stay together. */
  patients: readonly string[];
  tolerance: number;
}

/**
 * The C of scikit-learn's LogisticRegression that ranks held-out cells best (average precision over all cells of the chosen labels, each row scored
 * by the models of the folds without its patient). Of equal ones the smallest.
 */
export function choosePenalty({ X, labels, L, patients, tolerance }: PenaltyData): number {
  const { columns, targets } = spreadOver(labels, L);
  const folds = patients.map((patient) => hash32(patient) % FOLDS);
  const gold = new Uint8Array(X.rows * columns);
  targets.forEach((row, i) => row.forEach((column) => (gold[i * columns + column] = 1)));
  let best = { C: GRID[0]!, precision: -1 };
  for (const C of GRID) {
    const scores = heldOutScores({ X, targets, columns, folds, C, tolerance });
    const precision = averagePrecision(separateAll({ scores, labels: gold, V: X.rows, L: columns }));
    if (precision > best.precision) best = { C, precision };
    else if (precision < BEYOND * best.precision) break;
  }
  return best.C;
}

/** Labels evenly spaced in order of frequency, numbered anew; those of a single row cannot be held out. */
function spreadOver(labels: PenaltyData['labels'], L: number): { columns: number; targets: number[][] } {
  const counts = new Int32Array(L);
  for (const row of labels) for (const label of row) counts[label]!++;
  const usable = [...counts.keys()].filter((label) => counts[label]! > 1).sort((a, b) => counts[b]! - counts[a]!);
  const columns = Math.min(MAX_LABELS, usable.length);
  const column = new Map(Array.from({ length: columns }, (_, i) => [usable[Math.floor((i * usable.length) / columns)]!, i]));
  return { columns, targets: labels.map((row) => row.flatMap((label) => column.get(label) ?? [])) };
}

interface FoldOptions {
  X: Csr;
  targets: readonly number[][];
  columns: number;
  folds: readonly number[];
  C: number;
  tolerance: number;
}

function heldOutScores({ X, targets, columns, folds, C, tolerance }: FoldOptions): Float32Array {
  const scores = new Float32Array(X.rows * columns);
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = [...folds.keys()].filter((row) => folds[row] === fold);
    const kept = [...folds.keys()].filter((row) => folds[row] !== fold);
    if (!held.length || !kept.length) continue;
    const model = fitOneVsRest(takeRows(X, kept), kept.map((row) => targets[row]!), columns, { C, tolerance });
    const scored = scoreLabels(takeRows(X, held), model);
    held.forEach((row, i) => scores.set(scored.subarray(i * columns, (i + 1) * columns), row * columns));
  }
  return scores;
}

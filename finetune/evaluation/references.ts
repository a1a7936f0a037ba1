/** References that every result stands beside: a blind guess, and how far linear models of codes and of words go on the same visits. */
import type { Logger } from '../../src/core/log.js';
import type { Dataset } from '../../src/dataset/index.js';
import { type Features, fitFeatures } from '../baselines/features.js';
import { fitLabelFrequency } from '../baselines/label-frequency.js';
import { fitOneVsRest, scoreLabels } from '../baselines/one-vs-rest.js';
import { choosePenalty } from '../baselines/penalty.js';
import type { TaskName } from '../tasks/task.js';

/** Rows of the data set → scores [V, L]. */
export type Scorer = (rows: Int32Array) => Float32Array;

export interface ReferenceOptions {
  task: TaskName;
  dataset: Dataset;
  /** What the model reads of the visit, for medication of its past visits. */
  inputs: readonly string[];
  /** Medication: what the model reads of the visit itself. */
  current: readonly string[];
  /** Rows → labels [V, L]; rows of −1 carry none. */
  matrixOf: (rows: Int32Array) => Uint8Array;
  L: number;
  /** Training visits to learn from. */
  trainRows: Int32Array;
  /** Past visits that may be read, oldest first. */
  historyOf: (row: number) => readonly number[];
  log: Logger;
}

/**
 * Where figures have settled: on the synthetic set those at a third of it (0.03) differ by less than 0.005 (docs/baselines.md).
 */
const TOLERANCE = 0.1;

/** @returns by name; `logistic regression (…)` only of what the model reads and some training visit has */
export function fitReferences(options: ReferenceOptions): Record<string, Scorer> {
  const { task, matrixOf, L, trainRows, historyOf } = options;
  const labels = labelLists(matrixOf(trainRows), L);
  const frequency = fitLabelFrequency(labels, L);
  const previous: Scorer = (rows) => Float32Array.from(matrixOf(rows.map((row) => historyOf(row).at(-1) ?? -1)));
  const regressions = Object.entries(fitFeatures(options, trainRows)).map(([name, features]) => [`logistic regression (${name})`, fitRegression(features, labels, name, options)] as const);
  return {
    'label frequency': (rows) => frequency(rows.length),
    ...(task === 'medication' && { 'previous medications': previous }),
    ...Object.fromEntries(regressions),
  };
}

function fitRegression(features: Features, labels: readonly number[][], name: string, { dataset, L, trainRows, log }: ReferenceOptions): Scorer {
  const X = features(trainRows);
  const patients = Array.from(trainRows, (row) => dataset.patientIds[row]!);
  const C = choosePenalty({ X, labels, L, patients, tolerance: TOLERANCE });
  const model = fitOneVsRest(X, labels, L, { C, tolerance: TOLERANCE });
  log.info(`logistic regression (${name}): ${X.rows} visits, ${X.columns} features, C ${C} by cross-validation${model.unconverged ? `; ${model.unconverged} labels not converged` : ''}`);
  return (rows) => scoreLabels(features(rows), model);
}

function labelLists(matrix: Uint8Array, L: number): number[][] {
  return Array.from({ length: matrix.length / L }, (_, v) => {
    const row = matrix.subarray(v * L, (v + 1) * L);
    return Array.from(row.keys()).filter((label) => row[label]);
  });
}

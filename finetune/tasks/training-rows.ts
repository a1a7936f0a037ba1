/** Which of the candidate visits are learnt from: all, a share of the patients, or a few shots. */
import { configurationError } from '../../src/core/errors.js';
import { fractionOfPatients } from '../few-shot/fraction.js';
import { kShot } from '../few-shot/k-shot.js';
import { isInFold } from './hold-out.js';
import type { TaskContext } from './task.js';

export interface Candidates extends TaskContext {
  train: Int32Array;
  dev: Int32Array;
  /** Labels of a row, indices from 0. */
  labelsOf: (row: number) => readonly number[];
}

export interface ChosenRows {
  trainRows: Int32Array;
  /** For early stopping and the threshold; few shots are few here too. */
  devRows: Int32Array;
  /** What did not come out as asked. */
  warnings: string[];
}

/** @throws configuration error for shots of a task with several labels */
export function chooseRows({ dataset, config: { fraction, fraction_by: by, shots, hold_out: heldOut }, seed, train: candidates, dev, labelsOf }: Candidates): ChosenRows {
  const train = heldOut ? candidates.filter((row) => !isInFold(dataset.patientIds[row]!, heldOut)) : candidates;
  const patientsOf = (rows: Int32Array): string[] => Array.from(rows, (row) => dataset.patientIds[row]!);
  if (shots !== null) {
    const few = (rows: Int32Array) => kShot({ positive: Uint8Array.from(rows, (row) => labelsOf(row).length), patients: patientsOf(rows), k: shots, seed });
    const [ofTrain, ofDev] = [few(train), few(dev)];
    const warnings = Object.entries({ training: ofTrain, dev: ofDev }).flatMap(([what, { shortage }]) => (shortage === undefined ? [] : [`${what}: ${shortage}`]));
    return { trainRows: ofTrain.kept.map((at) => train[at]!), devRows: ofDev.kept.map((at) => dev[at]!), warnings };
  }
  const kept = train.length ? fractionOfPatients({ patients: patientsOf(train), labels: (at) => labelsOf(train[at]!), fraction, seed, by }) : train;
  return { trainRows: fraction === 1 ? train : kept.map((at) => train[at]!), devRows: dev, warnings: [] };
}

/** For tasks whose visits carry several labels. */
export function refuseShots(task: string, shots: number | null): void {
  if (shots !== null) throw configurationError(`finetune.shots: ${task} has many labels a visit, so k positives and k negatives are not defined; use finetune.fraction`);
}

/** How many of the rows carry each label. */
export function labelCounts(rows: Int32Array, labelsOf: (row: number) => readonly number[], L: number): number[] {
  const counts = new Array<number>(L).fill(0);
  for (const row of rows) for (const label of labelsOf(row)) counts[label]!++;
  return counts;
}

/** A share of the training rows: whole patients, with their share of every label, the smaller share within the larger. */
import { configurationError, shapeError } from '../../src/core/errors.js';
import { labelSets, numberPatients } from './label-sets.js';
import { stratifiedPrefix } from './stratify.js';

export interface FractionOptions {
  /** Of each candidate row. */
  patients: readonly string[];
  /**
   * Labels of a candidate row, indices from 0. A binary task gives one label to positive rows and none to the others: patients are then stratified by
   * whether they have a positive row.
   */
  labels: (row: number) => Iterable<number>;
  /** In (0, 1]. */
  fraction: number;
  seed: number;
  /**
   * `sample`: a stratified sample of whole patients. `prefix`: the first rows of the table, however they are sorted, as the released MedM-PLM's `--partion`
   * takes them; patients may be cut, and labels are as they come.
   */
  by: 'sample' | 'prefix';
}

/**
 * @returns positions of the rows that are kept, ascending: at least one patient (`prefix`: one row) where there is any
 * @throws configuration error when the fraction is not in (0, 1]; shape error when there is nothing to choose from
 */
export function fractionOfPatients({ patients, labels, fraction, seed, by }: FractionOptions): Int32Array {
  if (!(fraction > 0 && fraction <= 1)) throw configurationError(`finetune.fraction: ${fraction} is no share of the training patients; expected more than 0 and at most 1`);
  if (!patients.length) throw shapeError('fractionOfPatients: there are no candidate rows; expected at least one');
  const all = Int32Array.from(patients.keys());
  if (fraction === 1) return all;
  // As Python's int(): the released code cuts decimals off.
  if (by === 'prefix') return all.subarray(0, Math.max(1, Math.trunc(fraction * patients.length)));
  const rows = numberPatients(patients);
  const count = Math.max(1, Math.round(fraction * rows.patients));
  const kept = new Set(stratifiedPrefix({ sets: labelSets(rows, labels), count, seed }));
  return all.filter((row) => kept.has(rows.patientOf[row]!));
}

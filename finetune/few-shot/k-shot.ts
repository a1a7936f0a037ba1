/** k positive and k negative rows, as EHRSHOT (Wornow et al. 2023) takes them for training and again for validation; a replicate is a seed. */
import { configurationError, dataError, shapeError } from '../../src/core/errors.js';
import { createRng, type Rng } from '../../src/core/rng.js';

/** EHRSHOT's numbers of shots; `all` is every row, balanced or not. */
export const ehrshotShots = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 'all'] as const;

export type Shots = number | 'all';

export interface KShotOptions {
  /** 1 for each candidate row that is positive. */
  positive: Uint8Array;
  /** Of each candidate row. */
  patients: readonly string[];
  k: Shots;
  seed: number;
}

export interface KShotRows {
  /** Positions of the rows that are kept, ascending. With the same seed, those of a smaller k are among those of a larger. */
  kept: Int32Array;
  positives: number;
  negatives: number;
  /** Where there are too few of a class: a sentence that says so, for the log. */
  shortage?: string;
}

/**
 * Patients come in random order, one row each before anybody's second: rows of one patient say the same thing twice. Where a class has fewer than k
 * rows all of them are taken, and as many of the other.
 * @throws configuration error when k is no whole number from 1; data error when a class has no row; shape error when rows and patients differ in number
 */
export function kShot({ positive, patients, k, seed }: KShotOptions): KShotRows {
  if (k !== 'all' && !(Number.isInteger(k) && k > 0)) throw configurationError(`finetune.shots: ${k} is no number of shots; expected a whole number from 1, or all`);
  if (positive.length !== patients.length) throw shapeError(`kShot: ${positive.length} rows have ${patients.length} patients; expected one each`);
  const [negatives, positives] = [0, 1].map((sign) => rowsOf(positive, sign)) as [number[], number[]];
  if (!positives.length || !negatives.length) throw dataError(`${positives.length} of ${positive.length} rows are positive: a few-shot sample needs both kinds; is the task's definition what it should be (finetune.readmission)?`);
  if (k === 'all') return { kept: Int32Array.from(patients.keys()), positives: positives.length, negatives: negatives.length };
  const each = Math.min(k, positives.length, negatives.length);
  const rng = createRng(seed, 'shots');
  const kept = [...byTurns(positives, patients, rng.split('positive')).slice(0, each), ...byTurns(negatives, patients, rng.split('negative')).slice(0, each)];
  return {
    kept: Int32Array.from(kept).sort(),
    positives: each,
    negatives: each,
    ...(each < k ? { shortage: `${k} shots asked for, ${each} taken: there are only ${positives.length} positive and ${negatives.length} negative rows` } : {}),
  };
}

const rowsOf = (positive: Uint8Array, sign: number): number[] => Array.from(positive.keys()).filter((row) => positive[row] === sign);

/** Rows in random order, sorted by how many of the patient's came before. */
function byTurns(rows: readonly number[], patients: readonly string[], rng: Rng): number[] {
  const turns = new Map<string, number>();
  return rng
    .shuffle(rows)
    .map((row) => {
      const turn = turns.get(patients[row]!) ?? 0;
      turns.set(patients[row]!, turn + 1);
      return { row, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ row }) => row);
}

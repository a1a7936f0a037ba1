/** The scores behind an evaluation, visit by visit: what differences between models are resampled from. */
import path from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../core/config.js';
import { openSafetensors } from '../core/safetensors.js';
import type { TaskScores } from '../metrics/evaluate-task.js';
import { readJson } from './evaluation.js';

const visitsSchema = z.object({ visit_ids: z.array(z.string()), patient_ids: z.array(z.string()), label_counts: z.array(z.number()) });

export interface CellScores extends TaskScores {
  /** [V], in the order of the rows of `scores`. */
  visits: readonly string[];
  /** [L]: training visits that carry a label. */
  labelCounts: readonly number[];
}

/** @param dir written by `evaluate --save-scores` @param row name of a row of its evaluation.json */
export function readScores(dir: string, row: string): CellScores {
  const file = openSafetensors(path.join(dir, 'scores.safetensors'));
  const visitsFile = path.join(dir, 'visits.json');
  const { visit_ids, patient_ids, label_counts } = parseConfig(visitsSchema, readJson(visitsFile), visitsFile);
  const { data, shape } = file.read(`scores/${row}`);
  return {
    scores: Float32Array.from(data),
    labels: Uint8Array.from(file.read('labels').data),
    goldCounts: Int32Array.from(file.read('gold_counts').data),
    V: shape[0]!,
    L: shape[1]!,
    patients: patient_ids,
    visits: visit_ids,
    labelCounts: label_counts,
  };
}

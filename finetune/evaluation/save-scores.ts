/** The scores behind an evaluation, for whoever wants to resample or compare: `scores.safetensors` and `visits.json`. */
import fs from 'node:fs';
import path from 'node:path';
import { writeSafetensors, type StoredTensor } from '../../src/core/safetensors.js';
import type { Dataset } from '../../src/dataset/index.js';
import type { Scores } from '../../src/metrics/matrix.js';
import type { Scored } from '../scoring.js';
import type { Task } from '../tasks/index.js';

export interface SavedScores {
  task: Task;
  dataset: Dataset;
  gold: Omit<Scored, 'scores'>;
  scored: readonly { name: string; scores: Scores }[];
}

/** `scores/NAME` F32 [V, L] of each row, `labels` I32 [V, L], `gold_counts` I32 [V]; visits and label counts in `visits.json`. */
export function saveScores(dir: string, { task, dataset, gold: { rows, labels, goldCounts, V, L }, scored }: SavedScores): void {
  const matrices = scored.map(({ name, scores }): [string, StoredTensor] => [`scores/${name}`, { shape: [V, L], data: Float32Array.from(scores) }]);
  writeSafetensors(path.join(dir, 'scores.safetensors'), {
    ...Object.fromEntries(matrices),
    labels: { shape: [V, L], data: Int32Array.from(labels) },
    gold_counts: { shape: [V], data: goldCounts },
  });
  const visits = {
    visit_ids: Array.from(rows, (row) => dataset.visitIds[row]!),
    patient_ids: Array.from(rows, (row) => dataset.patientIds[row]!),
    label_counts: task.labels.map(({ count }) => count),
  };
  fs.writeFileSync(path.join(dir, 'visits.json'), `${JSON.stringify(visits)}\n`);
}

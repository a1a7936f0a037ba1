/** TF-IDF and one-vs-rest logistic regression together: fitted on a stream of notes, and applied to others. */
import type { Logger } from '../../src/core/log.js';
import { createProgress } from '../../src/core/progress.js';
import { logisticOptions, tfidfOptions, type BaselineConfig } from './config.js';
import type { NoteBatch, ReadNotes } from './notes.js';
import { fitOneVsRestByThreads, scoreLabels, type LinearModels } from './one-vs-rest.js';
import { fitTransform, type Tfidf } from './tfidf.js';
import type { Threads } from './threads.js';

export interface TextModel {
  tfidf: Tfidf;
  models: LinearModels;
}

export interface FitOptions {
  config: BaselineConfig;
  readNotes: ReadNotes;
  rows: Int32Array;
  /** Label indices (below L) of a row. */
  labelsOf: (row: number) => ArrayLike<number>;
  L: number;
  threads: Threads;
  log: Logger;
}

/** @throws configuration error when no term is left; shape error when the models would need too much memory */
export async function fitTextModel({ config, readNotes, rows, labelsOf, L, threads, log }: FitOptions): Promise<TextModel> {
  const order: number[] = [];
  const reading = createProgress({ label: 'reading', total: rows.length, unit: 'notes', log });
  async function* textsOf(notes: AsyncIterable<NoteBatch>): AsyncGenerator<string[]> {
    for await (const batch of notes) {
      order.push(...batch.rows);
      yield batch.texts;
      reading.update(order.length);
    }
    reading.finish();
  }
  const { tfidf, blocks } = await readNotes(rows, (notes) => fitTransform(textsOf(notes), tfidfOptions(config), threads));
  const columns = tfidf.terms.length;
  const entries = blocks.reduce((sum, { values }) => sum + values.length, 0);
  log.info(`TF-IDF: ${columns} terms, ${(entries / rows.length).toFixed(0)} of them in a note`);
  const fitting = createProgress({ label: 'fitting', total: L, unit: 'labels', log });
  const models = await fitOneVsRestByThreads({ columns, blocks, labels: order.map(labelsOf), L }, logisticOptions(config), { threads, onDone: (done) => fitting.update(done) });
  fitting.finish(`${models.evaluations} evaluations of loss and gradient${models.unconverged ? `; ${models.unconverged} labels not converged` : ''}`);
  return { tfidf, models };
}

/** @returns probabilities [rows, L], in the order of `rows` */
export function scoreNotes({ tfidf, models }: TextModel, rows: Int32Array, readNotes: ReadNotes): Promise<Float32Array> {
  const position = new Map(Array.from(rows, (row, v) => [row, v]));
  const { L } = models;
  return readNotes(rows, async (notes) => {
    const scores = new Float32Array(rows.length * L);
    for await (const batch of notes) {
      const scored = scoreLabels(tfidf.transform(batch.texts), models);
      batch.rows.forEach((row, i) => scores.set(scored.subarray(i * L, (i + 1) * L), position.get(row)! * L));
    }
    return scores;
  });
}

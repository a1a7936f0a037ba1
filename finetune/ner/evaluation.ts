/** What a probe reports: strict figures of the model and of a dictionary, what was annotated, and the predictions themselves. */
import fs from 'node:fs';
import path from 'node:path';
import type { SplitName } from '../../src/dataset/index.js';
import { dictionaryOf, type NotePredictor } from './dictionary.js';
import type { AnnotationCounts, TaggedNote, TaggedNotes } from './notes.js';
import { spanF1, type SpanReport } from './span-f1.js';

export interface NerRow {
  split: SplitName;
  name: 'model' | 'dictionary';
  /** `micro` and each type. */
  figures: SpanReport;
}

/** evaluation.json */
export interface NerEvaluation {
  task: 'ner';
  types: readonly string[];
  annotations: Record<SplitName, AnnotationCounts>;
  rows: NerRow[];
}

export const score = (notes: readonly TaggedNote[], predict: NotePredictor, types: readonly string[]): SpanReport =>
  spanF1(notes.map((note) => ({ gold: note.mentions, predicted: predict(note) })), types);

export interface EvaluationInput {
  types: readonly string[];
  splits: Record<SplitName, TaggedNotes>;
  model: NotePredictor;
}

/** Rows for dev, and for test where there is one. */
export function evaluateTagger({ types, splits, model }: EvaluationInput): NerEvaluation {
  const dictionary = dictionaryOf(splits.train.notes);
  const rowsOf = (split: SplitName): NerRow[] => [
    { split, name: 'model', figures: score(splits[split].notes, model, types) },
    { split, name: 'dictionary', figures: score(splits[split].notes, dictionary, types) },
  ];
  const { train, dev, test } = splits;
  return { task: 'ner', types, annotations: { train: train.counts, dev: dev.counts, test: test.counts }, rows: [...rowsOf('dev'), ...(test.notes.length ? rowsOf('test') : [])] };
}

/** `evaluation.json`, and for each split `predictions-SPLIT.tsv`: document, type, start, end (code points of the raw text, end exclusive); no text. */
export function writeEvaluation(dir: string, evaluation: NerEvaluation, { splits, model }: EvaluationInput): void {
  fs.writeFileSync(path.join(dir, 'evaluation.json'), `${JSON.stringify(evaluation, null, 2)}\n`);
  for (const split of new Set(evaluation.rows.map((row) => row.split))) {
    const lines = splits[split].notes.flatMap((note) => model(note).map(({ type, start, end }) => `${note.id}\t${type}\t${start}\t${end}\n`));
    fs.writeFileSync(path.join(dir, `predictions-${split}.tsv`), ['document\ttype\tstart\tend\n', ...lines].join(''));
  }
}

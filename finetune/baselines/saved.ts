/** The files of a baseline run: weights, terms, labels and thresholds, configuration, figures. */
import fs from 'node:fs';
import path from 'node:path';
import { expectArtifact, type Manifest } from '../../src/core/artifact.js';
import { parseConfig, readYaml, toYaml } from '../../src/core/config.js';
import { checkpointError } from '../../src/core/errors.js';
import { readSafetensors, writeSafetensors } from '../../src/core/safetensors.js';
import { finetuneSchema, type FinetuneConfig } from '../config.js';
import type { Label } from '../tasks/index.js';
import { baselineSchema, tfidfOptions, type BaselineConfig } from './config.js';
import { indexTerms } from './terms.js';
import type { TextModel } from './text-model.js';
import { tfidfOf } from './tfidf.js';

/** Where a run's notes came from. */
export type TextSource = 'store' | 'tokens';

/** `task.json` of a baseline run. */
export interface BaselineTaskFile {
  task: 'icd-coding';
  inputs: ['text'];
  text: TextSource;
  labels: readonly Label[];
  /** Tuned on dev, one for each label: it is predicted at or above. */
  thresholds: readonly number[];
  threshold_from: 'dev';
}

export interface SavedBaseline {
  config: { baseline: BaselineConfig; finetune: FinetuneConfig };
  task: BaselineTaskFile;
  model: TextModel;
}

export function writeBaseline(dir: string, { config, task, model: { tfidf, models } }: SavedBaseline): void {
  const { L, columns, weights, intercepts } = models;
  writeSafetensors(path.join(dir, 'model.safetensors'), {
    weights: { shape: [L, columns], data: weights },
    intercepts: { shape: [L], data: intercepts },
    documents: { shape: [columns], data: tfidf.documents },
  });
  fs.writeFileSync(path.join(dir, 'terms.json'), `${JSON.stringify({ texts: tfidf.texts, terms: tfidf.terms })}\n`);
  fs.writeFileSync(path.join(dir, 'task.json'), `${JSON.stringify(task, null, 1)}\n`);
  fs.writeFileSync(path.join(dir, 'config.yaml'), toYaml(config));
}

/** @throws data error when `dir` is no baseline run; checkpoint error when its files do not fit together */
export function readBaseline(dir: string): SavedBaseline & { manifest: Manifest } {
  const manifest = expectArtifact(dir, 'baseline');
  const file = path.join(dir, 'config.yaml');
  const sections = readYaml(file);
  const config = { baseline: parseConfig(baselineSchema, sections['baseline'], `${file}: baseline`), finetune: parseConfig(finetuneSchema, sections['finetune'], `${file}: finetune`) };
  const task = readJson(dir, 'task.json') as BaselineTaskFile;
  const { terms, texts } = readJson(dir, 'terms.json') as { terms: string[]; texts: number };
  const { weights, intercepts, documents } = readSafetensors(path.join(dir, 'model.safetensors'));
  const [L, columns] = [task.labels.length, terms.length];
  if (weights?.data.length !== L * columns || intercepts?.data.length !== L || documents?.data.length !== columns) {
    throw checkpointError(`${dir}: model.safetensors does not hold ${L} labels × ${columns} terms, as task.json and terms.json say; the run is damaged, train it again`);
  }
  const models = { L, columns, weights: weights.data as Float32Array, intercepts: intercepts.data as Float32Array, unconverged: 0, evaluations: 0 };
  return { manifest, config, task, model: { tfidf: tfidfOf(indexTerms({ terms, texts, documents: documents.data as Int32Array }), tfidfOptions(config.baseline)), models } };
}

function readJson(dir: string, name: string): unknown {
  const file = path.join(dir, name);
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw checkpointError(`${file}: missing or damaged; train the run again with \`medweave baseline\``, cause);
  }
}

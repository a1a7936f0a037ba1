/** Fine-tuning for ICD coding: data/ (and a pre-trained run) → a run directory with weights, labels and a threshold tuned on dev. */
import fs from 'node:fs';
import path from 'node:path';
import type { Logger } from '../src/core/log.js';
import { resumableArtifact } from '../src/core/resumable.js';
import { openDataset, type Dataset } from '../src/dataset/index.js';
import type { ModelConfig } from '../src/encoders/config.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import { openDevice } from '../src/engine/index.js';
import { evaluateCoding } from '../src/metrics/evaluate-coding.js';
import { searchThreshold } from '../src/metrics/threshold.js';
import { dropCheckpoints, loadParameters, saveParameters } from '../src/training/checkpoint.js';
import { createForward } from '../src/training/forward.js';
import { runLoop, type Evaluation, type HistoryEntry } from '../src/training/loop.js';
import { assertSameData, lineage, openRun, writeRunFiles } from '../src/training/run-files.js';
import { createTrainer } from '../src/training/trainer.js';
import { createVisitSource } from '../src/training/visit-source.js';
import type { FinetuneConfig } from './config.js';
import { codingModel, type CodingParameters } from './model.js';
import { scoreRows, type Scored } from './scoring.js';
import { codingBatch, codingLabels, labelledRows, takeFraction } from './tasks/icd-coding.js';

export interface FinetuneOptions {
  data: string;
  /** A pre-trained run; without it the model starts from scratch. */
  from?: string;
  out: string;
  /** With `from`, the model's configuration is the pre-trained run's. */
  config: { model: ModelConfig; finetune: FinetuneConfig };
  seed: number;
  device: string;
  resume: boolean;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
}

export interface FinetuneResult {
  done: boolean;
  finished: boolean;
  history: HistoryEntry[];
  dev?: Record<string, number>;
  best?: { step: number; score: number };
}

/** What a fine-tuned run predicts; `task.json`. */
export interface TaskFile {
  task: 'icd-coding';
  inputs: string[];
  labels: { kind: string; codes: { system: string; code: string; title?: string }[] };
  /** A label is predicted when its probability is strictly above. */
  threshold: number;
}

export async function finetuneIcdCoding(options: FinetuneOptions): Promise<FinetuneResult> {
  const { data, from, out, seed, resume, force } = options;
  const pretrained = from === undefined ? undefined : openRun(from, 'pretrain');
  const config = { model: pretrained?.model ?? options.config.model, finetune: options.config.finetune };
  const inputs = [data, ...(from === undefined ? [] : [from])];
  let result: Omit<FinetuneResult, 'done'> = { finished: true, history: [] };
  const { done } = await resumableArtifact({ command: 'finetune', out, config: { task: 'icd-coding', ...config }, inputs, seed, resume, force }, async (dir) => {
    const dataset = await openDataset(data);
    if (pretrained) assertSameData(pretrained, dataset);
    result = await train({ ...options, config }, dataset, pretrained?.weights, dir);
    if (result.finished) writeRunFiles(dir, { config, data, history: result.history });
    return { finished: result.finished, manifest: { ...lineage(dataset), task: 'icd-coding', pretrained_from: from, dev: result.dev, best: result.best } };
  });
  if (done && result.finished) dropCheckpoints(out);
  return { done, ...result };
}

async function train(options: FinetuneOptions, dataset: Dataset, pretrainedWeights: string | undefined, dir: string): Promise<Omit<FinetuneResult, 'done'>> {
  const { config, seed, signal, log } = options;
  const { training, optimizer, inputs, select_by } = config.finetune;
  const device = await openDevice(options.device, log);
  const kind = config.finetune.labels.kind;
  const trainRows = takeFraction(dataset, labelledRows(dataset, 'train', kind), config.finetune.fraction, seed);
  const devRows = labelledRows(dataset, 'dev', kind);
  const labels = codingLabels(dataset, config.finetune.labels, trainRows);
  const spec = modelSpec(config.model, dataset.tokenizer.size, dataset.vocabulary.kinds);
  const model = codingModel(spec, config.finetune, labels, seed);
  const trainer = await createTrainer<CodingParameters>({ name: 'finetune', device, inits: model.inits, seed, optimizer, loss: model.loss });
  if (pretrainedWeights) loadParameters(pretrainedWeights, trainer.layout, trainer.parameters, { optional: (name) => name.startsWith('head.') });
  const forward = createForward<CodingParameters>({ name: 'evaluation', device, layout: trainer.layout, views: trainer.views, fn: model.predict });
  const source = createVisitSource(dataset, config.model, training.batch_size);
  const score = () => scoreRows(devRows, { dataset, source, labels, inputs, forward });
  log.info(`finetune: ${trainRows.length} training visits, ${labels.rows.length} labels, inputs ${inputs.join(' + ')}, ${pretrainedWeights ? 'pre-trained' : 'from scratch'}, on ${device.description}`);
  try {
    const result = await runLoop({
      name: 'finetune',
      trainer,
      training,
      optimizer,
      planEpoch: (epoch) => source.plan(trainRows, { seed, epoch }).map((plan) => ({ load: () => codingBatch(source.fill(plan), plan.rows, { dataset, labels, inputs }) })),
      evaluate: async () => devEvaluation(await score(), select_by),
      directory: dir,
      signal,
      log,
    });
    if (!result.finished) return { finished: false, history: result.history };
    const { threshold, metrics } = devEvaluation(await score(), select_by);
    saveParameters(path.join(dir, 'model.safetensors'), trainer.layout, trainer.parameters);
    const codes = labels.codes.map(({ system, code, title }) => ({ system, code, title }));
    const task: TaskFile = { task: 'icd-coding', inputs, labels: { kind, codes }, threshold };
    fs.writeFileSync(path.join(dir, 'task.json'), `${JSON.stringify(task, null, 1)}\n`);
    return { finished: true, history: result.history, dev: metrics, best: result.best };
  } finally {
    forward.dispose();
    trainer.dispose();
  }
}

/** Dev figures in the edin dialect at the threshold that maximises micro-F1. */
function devEvaluation(scored: Scored, selectBy: FinetuneConfig['select_by']): Evaluation & { threshold: number } {
  const { threshold } = searchThreshold(scored, scored.goldCounts);
  const { map, micro_f1, micro_auc } = evaluateCoding({ ...scored, threshold, dialects: ['edin'] })['edin'] as Record<string, number>;
  const metrics = { map: map!, micro_f1: micro_f1!, micro_auc: micro_auc! };
  return { threshold, score: metrics[selectBy], metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`dev_${name}`, value])) };
}

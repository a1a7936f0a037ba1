/** Fine-tuning for ICD coding: data/ (and a pre-trained run) → a run directory with weights, labels and a threshold tuned on dev. */
import fs from 'node:fs';
import path from 'node:path';
import { type Dataset } from '../src/dataset/index.js';
import type { ModelConfig } from '../src/encoders/config.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import { evaluateCoding } from '../src/metrics/evaluate-coding.js';
import { searchThreshold } from '../src/metrics/threshold.js';
import type { CacheConfig } from '../src/prefix-cache/index.js';
import { runLoop, type Evaluation } from '../src/training/loop.js';
import { stageConfig } from '../src/training/run-files.js';
import { openStage } from '../src/training/stage.js';
import { runStage, type StageOutcome, type StageRequest, type StageResult } from '../src/training/run-stage.js';
import { findStart, startingValues, type Start } from '../src/training/start.js';
import type { FinetuneConfig } from './config.js';
import { codingModel, type CodingParameters } from './model.js';
import { scoreRows, type Scored } from './scoring.js';
import { codingBatch, codingLabels, labelledRows, takeFraction } from './tasks/icd-coding.js';

export interface FinetuneOptions extends StageRequest {
  /** A run of `pretrain` or `mlm`; without it the model starts from scratch, or from `model.text.checkpoint`. */
  from?: string;
  /** With `from`, the model's configuration is that run's. */
  config: { model: ModelConfig; finetune: FinetuneConfig; cache: CacheConfig };
}

export interface FinetuneOutcome extends StageOutcome {
  dev?: Record<string, number>;
}

/** What a fine-tuned run predicts; `task.json`. */
export interface TaskFile {
  task: 'icd-coding';
  inputs: string[];
  labels: { kind: string; codes: { system: string; code: string; title?: string }[] };
  /** A label is predicted when its probability is strictly above. */
  threshold: number;
}

export async function finetuneIcdCoding(options: FinetuneOptions): Promise<StageResult<FinetuneOutcome>> {
  const start = await findStart({ model: options.config.model, from: options.from, commands: ['pretrain', 'mlm'], log: options.log });
  const config = { task: 'icd-coding', ...stageConfig('finetune', { ...options.config, model: start.model }) };
  const describe = ({ dev }: FinetuneOutcome) => ({ task: 'icd-coding', pretrained_from: options.from, dev });
  return runStage<FinetuneOutcome>(options, { command: 'finetune', start, config, saved: { ...config, cache: options.config.cache }, describe }, (dataset, dir) => train(options, start, dataset, dir));
}

async function train({ config: { finetune: config, cache }, seed, device, signal, log }: FinetuneOptions, start: Start, dataset: Dataset, dir: string): Promise<FinetuneOutcome> {
  const { training, optimizer, inputs, select_by, freeze } = config;
  const { kind } = config.labels;
  const trainRows = takeFraction(dataset, labelledRows(dataset, 'train', kind), config.fraction, seed);
  const devRows = labelledRows(dataset, 'dev', kind);
  const labels = codingLabels(dataset, config.labels, trainRows);
  const coder = codingModel(modelSpec(start.model, dataset.tokenizer.size, dataset.vocabulary.kinds), config, labels, seed);
  const stage = await openStage<CodingParameters>({
    name: 'finetune', device, dataset, model: start.model, freeze, cache, optimizer, batchSize: training.batch_size, seed, log,
    inits: startingValues(coder.inits, start, isNewFor(start)),
    loss: coder.loss,
  });
  const { source, trainer } = stage;
  const forward = stage.forward('evaluation', coder.predict);
  const score = () => scoreRows(devRows, { dataset, source, labels, inputs, forward });
  log.info(`finetune: ${trainRows.length} training visits, ${labels.rows.length} labels, inputs ${inputs.join(' + ')}, ${from(start)}`);
  try {
    const result = await runLoop({
      name: 'finetune', trainer, training, optimizer, directory: dir, signal, log,
      planEpoch: (epoch) => source.plan(trainRows, { seed, epoch }).map((plan) => ({ load: async () => codingBatch(await source.load(plan), plan.rows, { dataset, labels, inputs }) })),
      evaluate: async () => devEvaluation(await score(), select_by),
    });
    if (!result.finished) return { finished: false, history: result.history };
    const { threshold, metrics } = devEvaluation(await score(), select_by);
    stage.save(dir);
    writeTask(dir, { task: 'icd-coding', inputs, labels: { kind, codes: labels.codes.map(({ system, code, title }) => ({ system, code, title })) }, threshold });
    return { finished: true, history: result.history, dev: metrics, best: result.best };
  } finally {
    stage.dispose();
  }
}

/** Heads always start anew; after masked-language modelling, everything but the text encoder does. */
const isNewFor = ({ run }: Start) => (name: string): boolean => (run?.manifest.command === 'mlm' ? !name.startsWith('bert.') : name.startsWith('head.'));

const from = ({ run, checkpoint }: Start): string => (run ? `from ${run.dir}` : checkpoint !== undefined ? `text encoder from ${checkpoint}` : 'from scratch');

function writeTask(dir: string, task: TaskFile): void {
  fs.writeFileSync(path.join(dir, 'task.json'), `${JSON.stringify(task, null, 1)}\n`);
}

/** Dev figures in the edin dialect at the threshold that maximises micro-F1. */
function devEvaluation(scored: Scored, selectBy: FinetuneConfig['select_by']): Evaluation & { threshold: number } {
  const { threshold } = searchThreshold(scored, scored.goldCounts);
  const { map, micro_f1, micro_auc } = evaluateCoding({ ...scored, threshold, dialects: ['edin'] })['edin'] as Record<string, number>;
  const metrics = { map: map!, micro_f1: micro_f1!, micro_auc: micro_auc! };
  return { threshold, score: metrics[selectBy], metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`dev_${name}`, value])) };
}

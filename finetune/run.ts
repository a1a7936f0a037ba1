/** Fine-tuning for a task: data/ (and a pre-trained run) → a run directory with weights, labels and a threshold tuned on dev. */
import { configurationError } from '../src/core/errors.js';
import type { Dataset } from '../src/dataset/index.js';
import type { ModelConfig } from '../src/encoders/config.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import { assertNoLeaks } from '../src/leaks/index.js';
import { evaluateCoding } from '../src/metrics/evaluate-coding.js';
import { searchThreshold } from '../src/metrics/threshold.js';
import type { CacheConfig } from '../src/prefix-cache/index.js';
import type { ProtocolChoice } from '../src/protocols/index.js';
import { runLoop, type Evaluation } from '../src/training/loop.js';
import { stageConfig } from '../src/training/run-files.js';
import { openStage } from '../src/training/stage.js';
import { runStage, type StageOutcome, type StageRequest, type StageResult } from '../src/training/run-stage.js';
import { findStart, startingValues, type Start } from '../src/training/start.js';
import type { FinetuneConfig } from './config.js';
import { openSupervision } from './evidence/supervision.js';
import { taskModel, type TaskParameters } from './model.js';
import { scoreRows, type Scored } from './scoring.js';
import { writeTaskFile } from './task-file.js';
import { declarationOf, readsOf } from './tasks/declarations.js';
import { openTask, type TaskName } from './tasks/index.js';
import { readTitlePieces } from './tasks/title-pieces.js';

export interface FinetuneOptions extends StageRequest {
  task: TaskName;
  /** A run of `pretrain` or `mlm`; without it the model starts from scratch, or from `model.text.checkpoint`. */
  from?: string;
  /** With `from`, the model's configuration is that run's. */
  config: { model: ModelConfig; finetune: FinetuneConfig; cache: CacheConfig; protocol?: ProtocolChoice };
}

export interface FinetuneOutcome extends StageOutcome {
  dev?: Record<string, number>;
}

export async function finetune(options: FinetuneOptions): Promise<StageResult<FinetuneOutcome>> {
  const start = await findStart({ model: options.config.model, from: options.from, commands: ['pretrain', 'mlm'], log: options.log });
  const { task } = options;
  if (options.config.finetune.hold_out && start.run?.manifest.command === 'pretrain') {
    throw configurationError(`${options.from}: its pre-training has read the codes of the training visits that finetune.hold_out keeps apart; start from scratch, or from a run of \`medweave mlm\``);
  }
  const stage = stageConfig('finetune', { ...options.config, model: start.model });
  const describe = ({ dev }: FinetuneOutcome) => ({ task, pretrained_from: options.from, dev });
  const inputs = [...start.inputs, ...storesRead(options.config.finetune)];
  return runStage<FinetuneOutcome>(options, { command: 'finetune', start: { ...start, inputs }, config: { task, ...stage }, saved: { ...stage, cache: options.config.cache }, describe }, (dataset, dir) => train(options, start, dataset, dir));
}

async function train({ task: name, from: pretrained, config: { finetune: config, cache }, seed, device, signal, tracker, log }: FinetuneOptions, start: Start, dataset: Dataset, dir: string): Promise<FinetuneOutcome> {
  const { training, optimizer, freeze } = config;
  const task = openTask(name, { dataset, config, seed, titles: await readTitlePieces(dataset, config) });
  for (const warning of task.warnings) log.warn(`finetune: ${warning}`);
  assertNoLeaks({ dataset, declaration: declarationOf(name, config), reads: () => readsOf(task), pretrained: pretrained ?? start.checkpoint, log });
  const { labels, inputs, trainRows, devRows } = task;
  const model = taskModel(modelSpec(start.model, dataset.tokenizer.size, dataset.vocabulary.kinds), task, { seed, headDropout: config.head.dropout, evidenceWeight: config.evidence.weight });
  const supervision = await openSupervision(config.evidence, { dataset, task, log });
  const stage = await openStage<TaskParameters>({
    name: 'finetune', device, dataset, model: start.model, freeze, cache, optimizer, batchSize: training.batch_size, seed, log,
    inits: startingValues(model.inits, start, isNewFor(start)),
    loss: model.loss,
    untouched: model.untouched,
    fixed: model.fixed,
    withText: inputs.includes('text'),
  });
  const { source, trainer } = stage;
  const forward = stage.forward('evaluation', model.predict);
  const score = () => scoreRows(devRows, { task, source, forward });
  let latest: ReturnType<typeof devEvaluation> | undefined;
  log.info(`finetune: ${name}, ${trainRows.length} training visits, ${labels.length} label${labels.length === 1 ? '' : 's'}, inputs ${inputs.join(' + ')}, ${from(start)}`);
  try {
    const result = await runLoop({
      name: 'finetune', trainer, training, optimizer, directory: dir, signal, tracker, log,
      planEpoch: (epoch) => task.plan(source, trainRows, { seed, epoch }).map((batch) => ({ load: async () => [...task.tensors(await source.load(batch.plan), batch), ...(supervision?.tensors(batch) ?? [])] })),
      evaluate: async () => (latest = devEvaluation(await score(), selectionOf(name, config))),
    });
    if (!result.finished) return { finished: false, history: result.history };
    const isLatest = latest !== undefined && result.best.step === result.step;
    const { threshold, metrics } = isLatest ? latest! : devEvaluation(await score(), selectionOf(name, config));
    stage.save(dir);
    writeTaskFile(dir, { task: name, inputs, labels, threshold, threshold_from: 'dev' });
    return { finished: true, history: result.history, dev: metrics, best: result.best };
  } finally {
    stage.dispose();
  }
}

/** Stores whose annotations are learnt from. */
const storesRead = ({ evidence: { weight, store } }: FinetuneConfig): string[] => (weight && store !== null ? [store] : []);

/** Heads always start anew; after masked-language modelling, everything but the text encoder does. */
const isNewFor = ({ run }: Start) => (name: string): boolean => (run?.manifest.command === 'mlm' ? !name.startsWith('bert.') : name.startsWith('head.'));

const from = ({ run, checkpoint }: Start): string => (run ? `from ${run.dir}` : checkpoint !== undefined ? `text encoder from ${checkpoint}` : 'from scratch');

type Selection = Exclude<FinetuneConfig['select_by'], 'auto'>;

const selectionOf = (task: TaskName, { select_by }: FinetuneConfig): Selection => (select_by !== 'auto' ? select_by : task === 'readmission' ? 'micro_auc' : 'map');

/** Dev figures in the edin dialect at the threshold that maximises micro-F1. */
function devEvaluation(scored: Scored, selectBy: Selection): Evaluation & { threshold: number } {
  const { threshold } = searchThreshold(scored, scored.goldCounts);
  const { map, micro_f1, micro_auc } = evaluateCoding({ ...scored, threshold, dialects: ['edin'] })['edin'] as Record<string, number>;
  const metrics = { map: map!, micro_f1: micro_f1!, micro_auc: micro_auc! };
  return { threshold, score: metrics[selectBy], metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`dev_${name}`, value])) };
}

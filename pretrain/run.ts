/** Pre-training: data/ → a run directory with the encoder's weights. */
import type { Logger } from '../src/core/log.js';
import { resumableArtifact } from '../src/core/resumable.js';
import { openDataset, visitsIn, type Dataset } from '../src/dataset/index.js';
import type { ModelConfig } from '../src/encoders/config.js';
import type { CacheConfig } from '../src/prefix-cache/index.js';
import { dropCheckpoints } from '../src/training/checkpoint.js';
import { meanLosses } from '../src/training/dev-loss.js';
import { runLoop, type HistoryEntry } from '../src/training/loop.js';
import { lineage, stageConfig, writeRunFiles } from '../src/training/run-files.js';
import { assertDataFits, findStart, type Start } from '../src/training/start.js';
import type { PretrainConfig } from './config.js';
import { openPretrainStage, rowsWithCodes } from './stage.js';

export interface PretrainOptions {
  data: string;
  /** A run of `medweave mlm` whose text encoder is the start. */
  from?: string;
  out: string;
  /** With `from`, the model's configuration is that run's. */
  config: { model: ModelConfig; pretrain: PretrainConfig; cache: CacheConfig };
  seed: number;
  device: string;
  resume: boolean;
  force: boolean;
  signal: AbortSignal;
  log: Logger;
}

export interface PretrainResult {
  /** False: the same run was there already. */
  done: boolean;
  finished: boolean;
  history: HistoryEntry[];
  best?: { step: number; score: number };
}

export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { data, from, out, seed, resume, force, log } = options;
  const start = await findStart({ model: options.config.model, from, commands: ['mlm'], log });
  const config = stageConfig('pretrain', { ...options.config, model: start.model });
  let result: Omit<PretrainResult, 'done'> = { finished: true, history: [] };
  const { done } = await resumableArtifact({ command: 'pretrain', out, config, inputs: [data, ...start.inputs], seed, resume, force }, async (dir) => {
    const dataset = await openDataset(data);
    assertDataFits(start, dataset);
    const { finished, history, best } = await train(options, start, dataset, dir);
    result = { finished, history, best };
    if (finished) writeRunFiles(dir, { config: { ...config, cache: options.config.cache }, data, history });
    return { finished, manifest: { ...lineage(dataset), best } };
  });
  if (done && result.finished) dropCheckpoints(out);
  return { done, ...result };
}

async function train({ config: { pretrain: config, cache }, seed, device, signal, log }: PretrainOptions, start: Start, dataset: Dataset, dir: string) {
  const stage = await openPretrainStage({ start, config, cache, dataset, seed, device, log });
  const { source, trainer, batchOf } = stage;
  const trainRows = rowsWithCodes(dataset, 'train');
  const devBatches = source.plan(rowsWithCodes(dataset, 'dev')).map((plan) => ({ weight: visitsIn(plan), load: () => batchOf('dev', plan) }));
  log.info(`pretrain: ${trainRows.length} of ${dataset.rowsOf('train').length} training visits have codes to predict`);
  try {
    const result = await runLoop({
      name: 'pretrain', trainer, training: config.training, optimizer: config.optimizer, directory: dir, signal, log,
      planEpoch: (epoch) => source.plan(trainRows, { seed, epoch }).map((plan) => ({ load: () => batchOf(epoch, plan) })),
      evaluate: () => meanLosses(devBatches, stage.score),
    });
    if (result.finished) stage.save(dir);
    return result;
  } finally {
    stage.dispose();
  }
}

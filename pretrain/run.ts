/** Pre-training: data/ → a run directory with the encoder's weights. */
import { visitsIn, type Dataset } from '../src/dataset/index.js';
import type { ModelConfig } from '../src/encoders/config.js';
import type { CacheConfig } from '../src/prefix-cache/index.js';
import type { ProtocolChoice } from '../src/protocols/index.js';
import { meanLosses } from '../src/training/dev-loss.js';
import { runLoop } from '../src/training/loop.js';
import { stageConfig } from '../src/training/run-files.js';
import { runStage, type StageOutcome, type StageRequest, type StageResult } from '../src/training/run-stage.js';
import { findStart, type Start } from '../src/training/start.js';
import type { PretrainConfig } from './config.js';
import { openPretrainStage, rowsWithCodes } from './stage.js';

export interface PretrainOptions extends StageRequest {
  /** A run of `medweave mlm` whose text encoder is the start. */
  from?: string;
  /** With `from`, the model's configuration is that run's. */
  config: { model: ModelConfig; pretrain: PretrainConfig; cache: CacheConfig; protocol?: ProtocolChoice };
}

export async function pretrain(options: PretrainOptions): Promise<StageResult> {
  const start = await findStart({ model: options.config.model, from: options.from, commands: ['mlm'], log: options.log });
  const config = stageConfig('pretrain', { ...options.config, model: start.model });
  return runStage<StageOutcome>(options, { command: 'pretrain', start, config, saved: { ...config, cache: options.config.cache } }, (dataset, dir) => train(options, start, dataset, dir));
}

async function train({ config: { pretrain: config, cache }, seed, device, signal, tracker, log }: PretrainOptions, start: Start, dataset: Dataset, dir: string) {
  const stage = await openPretrainStage({ start, config, cache, dataset, seed, device, log });
  const { source, trainer, batchOf } = stage;
  const trainRows = rowsWithCodes(dataset, 'train');
  const devBatches = source.plan(rowsWithCodes(dataset, 'dev')).map((plan) => ({ weight: visitsIn(plan), load: () => batchOf('dev', plan) }));
  log.info(`pretrain: ${trainRows.length} of ${dataset.rowsOf('train').length} training visits have codes to predict`);
  try {
    const result = await runLoop({
      name: 'pretrain', trainer, training: config.training, optimizer: config.optimizer, directory: dir, signal, tracker, log,
      planEpoch: (epoch) => source.plan(trainRows, { seed, epoch }).map((plan) => ({ load: () => batchOf(epoch, plan) })),
      evaluate: () => meanLosses(devBatches, stage.score),
    });
    if (result.finished) stage.save(dir);
    return result;
  } finally {
    stage.dispose();
  }
}

/** Pre-training: data/ → a run directory with the encoder's weights. */
import path from 'node:path';
import { resumableArtifact } from '../src/core/resumable.js';
import type { Logger } from '../src/core/log.js';
import { createRng } from '../src/core/rng.js';
import { openDataset, visitsIn, type BatchPlan, type Dataset, type SplitName } from '../src/dataset/index.js';
import { SPECIAL_CODES } from '../src/encoders/codes.js';
import type { ModelConfig } from '../src/encoders/config.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import { encodeVisit, initVisitEncoder, type EncoderDropout, type ModelSpec, type VisitEncoder } from '../src/encoders/visit.js';
import { openDevice, sizeOf, type Tensor, type Tensors } from '../src/engine/index.js';
import { noDropout, trainingDropout } from '../src/nn/dropout.js';
import { dropCheckpoints, saveParameters } from '../src/training/checkpoint.js';
import { createForward, type Forward } from '../src/training/forward.js';
import { runLoop, type Evaluation, type HistoryEntry } from '../src/training/loop.js';
import { lineage, writeRunFiles } from '../src/training/run-files.js';
import type { Batch } from '../src/training/program-cache.js';
import { createTrainer } from '../src/training/trainer.js';
import { createVisitSource, kindsOf } from '../src/training/visit-source.js';
import { maskedBatch } from './batches.js';
import type { PretrainConfig } from './config.js';
import type { MaskingVocabulary } from './masking.js';
import { codePredictionLoss, initPredictionHeads, type CodeFrequencies, type PredictionHeads } from './objectives.js';

export interface PretrainOptions {
  data: string;
  out: string;
  config: { model: ModelConfig; pretrain: PretrainConfig };
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

type PretrainModel<Leaf = Tensor> = VisitEncoder<Leaf> & { heads: PredictionHeads<Leaf> };

export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { data, out, config, seed, resume, force } = options;
  let result: Omit<PretrainResult, 'done'> = { finished: true, history: [] };
  const { done } = await resumableArtifact({ command: 'pretrain', out, config, inputs: [data], seed, resume, force }, async (dir) => {
    const dataset = await openDataset(data);
    const { finished, history, best } = await train(options, dataset, dir);
    result = { finished, history, best };
    if (finished) writeRunFiles(dir, { config, data, history });
    return { finished, manifest: { ...lineage(dataset), best } };
  });
  if (done && result.finished) dropCheckpoints(out);
  return { done, ...result };
}

async function train({ config, seed, device: deviceName, signal, log }: PretrainOptions, dataset: Dataset, dir: string) {
  const device = await openDevice(deviceName, log);
  const spec = modelSpec(config.model, dataset.tokenizer.size, dataset.vocabulary.kinds);
  const source = createVisitSource(dataset, config.model, config.pretrain.training.batch_size);
  const inits = {
    ...initVisitEncoder(createRng(seed, 'model'), spec),
    heads: initPredictionHeads(createRng(seed, 'heads'), spec, config.pretrain, codeFrequencies(dataset)),
  };
  const lossOf = lossFunction(spec, config.pretrain);
  const trainer = await createTrainer<PretrainModel>({
    name: 'pretrain',
    device,
    inits,
    seed,
    optimizer: config.pretrain.optimizer,
    loss: (p, inputs, noise) => lossOf(p, inputs, { text: trainingDropout(noise, config.model.text.dropout), codes: trainingDropout(noise, config.model.codes.dropout) }),
  });
  log.info(`pretrain: ${parameterCount(trainer.layout.specs)} parameters on ${device.description}`);
  const vocabularies = maskingVocabularies(dataset);
  const batchOf = (epoch: number | 'dev', plan: BatchPlan): Batch =>
    maskedBatch(source.fill(plan), plan.rows, { config: config.pretrain, vocabularies, seed, epoch });
  const forward = createForward<PretrainModel>({
    name: 'pretrain evaluation',
    device,
    layout: trainer.layout,
    views: trainer.views,
    fn: (p, inputs) => lossOf(p, inputs, { text: noDropout, codes: noDropout }),
  });
  const trainRows = rowsWithCodes(dataset, 'train');
  const devBatches = source.plan(rowsWithCodes(dataset, 'dev')).map((plan) => ({ weight: visitsIn(plan), load: () => batchOf('dev', plan) }));
  log.info(`pretrain: ${trainRows.length} of ${dataset.rowsOf('train').length} training visits have codes to predict`);
  try {
    const result = await runLoop({
      name: 'pretrain',
      trainer,
      training: config.pretrain.training,
      optimizer: config.pretrain.optimizer,
      planEpoch: (epoch) => source.plan(trainRows, { seed, epoch }).map((plan) => ({ load: () => batchOf(epoch, plan) })),
      evaluate: () => evaluate(devBatches, forward),
      directory: dir,
      signal,
      log,
    });
    if (result.finished) saveParameters(path.join(dir, 'model.safetensors'), trainer.layout, trainer.parameters);
    return result;
  } finally {
    forward.dispose();
    trainer.dispose();
  }
}

const lossFunction = (spec: ModelSpec, config: PretrainConfig) => (p: PretrainModel, inputs: Tensors, dropout: EncoderDropout): Tensors & { loss: Tensor } => {
  const visit = encodeVisit(p, inputs, spec, { inputKinds: Object.keys(spec.ontologies), dropout });
  return codePredictionLoss(p, visit, inputs, { spec, config });
};

/** Means over dev, weighted by visits. */
async function evaluate(batches: readonly { weight: number; load: () => Batch }[], forward: Forward): Promise<Evaluation> {
  const sums: Record<string, number> = {};
  let total = 0;
  for (const { weight, load } of batches) {
    const outputs = await forward.run(load());
    for (const [name, value] of Object.entries(outputs)) sums[`dev_${name}`] = (sums[`dev_${name}`] ?? 0) + weight * value[0]!;
    total += weight;
  }
  const metrics = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / Math.max(1, total)]));
  return { score: -(metrics['dev_loss'] ?? 0), metrics };
}

/** Visits that have a code of the vocabulary; the others have nothing to predict. */
const rowsWithCodes = (dataset: Dataset, split: SplitName): Int32Array =>
  dataset.rowsOf(split).filter((row) => kindsOf(dataset).some((kind) => dataset.codes[kind].row(row).some((id) => id >= SPECIAL_CODES)));

function codeFrequencies(dataset: Dataset): CodeFrequencies {
  const rows = rowsWithCodes(dataset, 'train').length;
  return Object.fromEntries(kindsOf(dataset).map((kind) => [kind, Float32Array.from(dataset.vocabulary.kinds[kind], ({ count }) => count / rows)]));
}

function maskingVocabularies(dataset: Dataset): Record<string, MaskingVocabulary> {
  return Object.fromEntries(
    kindsOf(dataset).map((kind) => {
      const codes = dataset.vocabulary.kinds[kind];
      const systems = [...new Set(codes.map(({ system }) => system))];
      const rowsOfSystem = new Map(systems.map((system) => [system, codes.flatMap((code, row) => (code.system === system ? [row] : []))]));
      return [kind, { size: codes.length, sameSystem: (row: number) => rowsOfSystem.get(codes[row]!.system)! }];
    }),
  );
}

const parameterCount = (specs: readonly { shape: readonly number[] }[]): string =>
  `${(specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0) / 1e6).toFixed(2)} M`;

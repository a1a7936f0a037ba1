/** What pre-training trains and on what: the model with its prediction heads, the loss, and batches with masked codes. */
import type { Logger } from '../src/core/log.js';
import { createRng } from '../src/core/rng.js';
import type { BatchPlan, CodeKind, Dataset, SplitName } from '../src/dataset/index.js';
import { SPECIAL_CODES } from '../src/encoders/codes.js';
import { modelSpec } from '../src/encoders/model-spec.js';
import { encodeVisit, initVisitEncoder, isUnread, type EncoderDropout, type ModelSpec, type VisitEncoder } from '../src/encoders/visit.js';
import type { Tensor, Tensors } from '../src/engine/index.js';
import { noDropout, trainingDropout } from '../src/nn/dropout.js';
import type { ParameterInit } from '../src/nn/parameters.js';
import type { CacheConfig } from '../src/prefix-cache/index.js';
import type { Forward } from '../src/training/forward.js';
import type { Batch } from '../src/training/program-cache.js';
import { openStage, type Stage } from '../src/training/stage.js';
import { startingValues, type Start } from '../src/training/start.js';
import type { LossFunction } from '../src/training/trainer.js';
import { kindsOf } from '../src/training/visit-source.js';
import { maskedBatch } from './batches.js';
import type { PretrainConfig } from './config.js';
import { maskingVocabularies } from './masking.js';
import { codePredictionLoss, initPredictionHeads, inputsOf, type CodeFrequencies, type PredictionHeads } from './objectives.js';

export type PretrainModel<Leaf = Tensor> = VisitEncoder<Leaf> & { heads: PredictionHeads<Leaf> };

export interface PretrainStageOptions {
  start: Start;
  config: PretrainConfig;
  cache: CacheConfig;
  dataset: Dataset;
  seed: number;
  device: string;
  log: Logger;
}

export interface PretrainStage extends Stage<PretrainModel> {
  spec: ModelSpec;
  /** The losses without dropout. */
  score: Forward;
  /** A batch with the masks of an epoch. */
  batchOf(epoch: number | 'dev', plan: BatchPlan): Promise<Batch>;
}

export async function openPretrainStage({ start, config, cache, dataset, seed, device, log }: PretrainStageOptions): Promise<PretrainStage> {
  const { model } = start;
  const spec = modelSpec(model, dataset.tokenizer.size, dataset.vocabulary.kinds);
  const inputs = inputsOf(spec, config);
  const stage = await openStage<PretrainModel>({
    name: 'pretrain', device, dataset, model, freeze: config.freeze, cache, optimizer: config.optimizer, batchSize: config.training.batch_size, seed, log,
    inits: startingValues(initialModel(spec, { dataset, config, seed }), start, (name) => !name.startsWith('bert.')),
    loss: trainingLoss(spec, config),
    untouched: (path) => isUnread(path, { inputs, tables: inputs }),
    withText: inputs.includes('text'),
  });
  const vocabularies = maskingVocabularies(vocabulariesRead(dataset, spec, inputs), config.masking);
  return {
    ...stage,
    spec,
    score: stage.forward('pretrain evaluation', (p, inputs) => losses(p, inputs, { spec, config, dropout: { text: noDropout, codes: noDropout } })),
    batchOf: async (epoch, plan) => maskedBatch(await stage.source.load(plan), plan.rows, { config, vocabularies, seed, epoch }),
  };
}

interface InitialModelOptions {
  dataset: Dataset;
  config: PretrainConfig;
  seed: number;
}

export function initialModel(spec: ModelSpec, { dataset, config, seed }: InitialModelOptions): PretrainModel<ParameterInit> {
  return {
    ...initVisitEncoder(createRng(seed, 'model'), spec),
    heads: initPredictionHeads(createRng(seed, 'heads'), spec, config, codeFrequencies(dataset)),
  };
}

/** The loss with dropout, as the trainer takes it. */
export const trainingLoss = (spec: ModelSpec, config: PretrainConfig): LossFunction<PretrainModel> => (p, inputs, noise) => {
  const { text, codes } = spec.config;
  return losses(p, inputs, { spec, config, dropout: { text: trainingDropout(noise, text.dropout), codes: trainingDropout(noise, codes.dropout) } });
};

interface LossOptions {
  spec: ModelSpec;
  config: PretrainConfig;
  dropout: EncoderDropout;
}

function losses(p: PretrainModel, inputs: Tensors, { spec, config, dropout }: LossOptions): Tensors & { loss: Tensor } {
  const visit = encodeVisit(p, inputs, spec, { inputs: inputsOf(spec, config), otherKinds: config.masking.random_from === 'other-system', dropout });
  return codePredictionLoss(p, visit, inputs, { spec, config });
}

/** Visits that have a code of the vocabulary; the others have nothing to predict. */
export const rowsWithCodes = (dataset: Dataset, split: SplitName): Int32Array =>
  dataset.rowsOf(split).filter((row) => kindsOf(dataset).some((kind) => dataset.codes[kind].row(row).some((id) => id >= SPECIAL_CODES)));

function codeFrequencies(dataset: Dataset): CodeFrequencies {
  const rows = rowsWithCodes(dataset, 'train').length;
  return Object.fromEntries(kindsOf(dataset).map((kind) => [kind, Float32Array.from(dataset.vocabulary.kinds[kind], ({ count }) => count / rows)]));
}

/** The vocabularies of the kinds that are read. */
const vocabulariesRead = ({ vocabulary }: Dataset, { ontologies }: ModelSpec, inputs: readonly string[]) =>
  Object.fromEntries(Object.keys(ontologies).filter((kind) => inputs.includes(kind)).map((kind) => [kind, vocabulary.kinds[kind as CodeKind]]));

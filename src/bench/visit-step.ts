/** The pre-training step of MedM-PLM over the outputs of frozen text layers: real model, loss, masks and optimizer on synthetic visits. */
import type { PretrainConfig } from '../../pretrain/config.js';
import { openPretrainStage, rowsWithCodes, type PretrainStage } from '../../pretrain/stage.js';
import type { Logger } from '../core/log.js';
import type { ModelConfig } from '../encoders/config.js';
import type { CacheConfig } from '../prefix-cache/index.js';
import type { Timed } from './bare-products.js';
import type { Product } from './products.js';
import { syntheticDataset, type SyntheticVisits } from './synthetic-dataset.js';
import { visitShape, visitStepProducts } from './visit-products.js';

export interface VisitTraining {
  model: ModelConfig;
  /** Without `reading`, whose products are not counted. */
  pretrain: PretrainConfig;
  cache: CacheConfig;
  visits: SyntheticVisits;
  /** Its name. */
  device: string;
  log: Logger;
}

export async function openVisitTraining({ model, pretrain, cache, visits, device, log }: VisitTraining): Promise<{ stage: PretrainStage; rows: Int32Array }> {
  const dataset = syntheticDataset(visits);
  const stage = await openPretrainStage({ start: { model, inputs: [] }, config: pretrain, cache, dataset, seed: visits.seed, device, log });
  return { stage, rows: rowsWithCodes(dataset, 'train') };
}

export const LEARNING_RATE = 1e-4;

export interface VisitStep {
  step: Timed;
  stage: PretrainStage;
  products: Product[];
}

/** A step over one batch, which holds all the visits. */
export async function openVisitStep(options: VisitTraining): Promise<VisitStep> {
  const { stage, rows } = await openVisitTraining(options);
  const plan = stage.source.plan(rows)[0]!;
  const batch = await stage.batchOf(0, plan);
  const products = visitStepProducts(visitShape(stage.spec, options.pretrain, plan));
  let step = 0;
  return {
    stage,
    products,
    step: { run: async () => void (await stage.trainer.step(++step, [batch], LEARNING_RATE)), dispose: () => stage.dispose() },
  };
}

/** What every stage of training sets up: trained and frozen parameters, the trainer, batches, programs that score, the run's weights. */
import path from 'node:path';
import type { Logger } from '../core/log.js';
import type { Tree } from '../core/tree.js';
import type { Dataset } from '../dataset/index.js';
import type { ModelConfig } from '../encoders/config.js';
import { layerRate } from '../encoders/text/depth.js';
import { openDevice, sizeOf, type Device, type Tensors } from '../engine/index.js';
import type { ParameterInit } from '../nn/parameters.js';
import type { CacheConfig } from '../prefix-cache/index.js';
import { openCachedPrefix } from './cached-prefix.js';
import { saveParameters, type FlatParameters } from './checkpoint.js';
import { createForward, type Forward } from './forward.js';
import type { OptimizerConfig } from './optimizer.js';
import { selectParameters, splitFrozen } from './stage-parameters.js';
import { createTrainer, type LossFunction, type Trainer } from './trainer.js';
import { createVisitSource, type VisitSource } from './visit-source.js';

export interface StageOptions<Parameters> {
  name: string;
  device: string;
  dataset: Dataset;
  model: ModelConfig;
  inits: Tree<ParameterInit>;
  loss: LossFunction<Parameters>;
  /** Number of first text layers that stay as they are, embeddings included; null: none. */
  freeze: number | null;
  /** Frozen parameters that the loss reads beside the frozen layers' output, e.g. word embeddings that a decoder is tied to. */
  fixed?: (path: string) => boolean;
  /** Parameters that the loss does not reach; they are saved as they start. */
  untouched?: (path: string) => boolean;
  cache: CacheConfig;
  optimizer: OptimizerConfig;
  batchSize: number;
  /** Whether the loss reads text. */
  withText?: boolean;
  seed: number;
  log: Logger;
}

export interface Stage<Parameters> {
  device: Device;
  trainer: Trainer;
  source: VisitSource;
  /** A program over the parameters as they are now. */
  forward(name: string, fn: (parameters: Parameters, inputs: Tensors) => Tensors): Forward;
  /** Writes the run's weights, frozen ones included. */
  save(dir: string): void;
  dispose(): void;
}

export async function openStage<Parameters>(options: StageOptions<Parameters>): Promise<Stage<Parameters>> {
  const { name, dataset, model, loss, optimizer, batchSize, withText = true, seed, log } = options;
  const device = await openDevice(options.device, log);
  const { trained, frozen, untouched } = splitFrozen(options.inits, options.freeze, options.untouched);
  const fixed = frozen && options.fixed ? selectParameters(frozen, options.fixed) : undefined;
  const trainer = await createTrainer<Parameters>({
    name, device, inits: trained, seed, optimizer, loss, fixed,
    rateOf: (parameter) => layerRate(parameter, optimizer.layer_decay, model.text.layers),
  });
  const prefix = withText && frozen ? openCachedPrefix({ ...options, device, frozen }) : undefined;
  const current: FlatParameters = { layout: trainer.layout, values: trainer.parameters };
  const opened: Forward[] = [];
  log.info(`${name}: ${millions(current)} parameters${frozen ? ` and ${millions(frozen)} frozen` : ''} on ${device.description}`);
  return {
    device,
    trainer,
    source: createVisitSource(dataset, { model, batchSize, prefix, withText }),
    forward(what, fn) {
      const forward = createForward<Parameters>({ name: what, device, parameters: [current, ...present(fixed)], fn });
      opened.push(forward);
      return forward;
    },
    save: (dir) => saveParameters(path.join(dir, 'model.safetensors'), current, ...present(frozen, untouched)),
    dispose: () => [...opened, trainer, prefix].forEach((part) => part?.dispose()),
  };
}

const present = (...parts: (FlatParameters | undefined)[]): FlatParameters[] => parts.filter((part) => part !== undefined);

const millions = ({ layout }: FlatParameters): string => `${(layout.specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0) / 1e6).toFixed(2)} M`;

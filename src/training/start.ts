/** Where a stage of training starts from: an earlier run, a Hugging Face checkpoint, or nothing. */
import path from 'node:path';
import { checkpointError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { openSafetensors } from '../core/safetensors.js';
import type { Tree } from '../core/tree.js';
import { assertSameTokenizer, type Dataset } from '../dataset/index.js';
import { modelSchema, type ModelConfig } from '../encoders/config.js';
import { locateCheckpoint } from '../huggingface/locate.js';
import { openTextEncoder } from '../huggingface/load.js';
import type { ParameterInit } from '../nn/parameters.js';
import { assertSameData, openRun, type OpenedRun } from './run-files.js';
import { withStoredValues, type TensorSource } from './stored-values.js';

export interface Start {
  /** As configured, with what the run or the checkpoint decides filled in. */
  model: ModelConfig;
  /** Directories that the stage reads, for the manifest. */
  inputs: string[];
  run?: OpenedRun;
  /** Folder of the Hugging Face checkpoint. */
  checkpoint?: string;
}

export interface StartOptions {
  model: ModelConfig;
  /** A run to start from; its model's configuration is then used: after `mlm`, that of the text encoder, which is all it trained. */
  from?: string;
  /** The commands whose runs will do. */
  commands: string[];
  log: Logger;
}

/** @throws data, configuration or checkpoint errors when the run or the checkpoint cannot be used */
export async function findStart({ model, from, commands, log }: StartOptions): Promise<Start> {
  if (from !== undefined) {
    const run = openRun(from, ...commands);
    return { model: modelAfter(run, model), inputs: [from], run };
  }
  const name = model.text.checkpoint;
  if (name === undefined) return { model, inputs: [] };
  const checkpoint = await locateCheckpoint(name, { log });
  return { model: withArchitectureOf(checkpoint, model), inputs: [checkpoint], checkpoint };
}

const modelAfter = ({ manifest, model }: OpenedRun, configured: ModelConfig): ModelConfig => (manifest.command === 'mlm' ? { ...configured, text: model.text } : model);

/** @throws configuration error when the configuration asks for more than the checkpoint has (positions) */
function withArchitectureOf(dir: string, model: ModelConfig): ModelConfig {
  const { architecture } = openTextEncoder(dir);
  const parsed = modelSchema.safeParse({ ...model, text: { ...model.text, ...architecture } });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw checkpointError(`${dir}: does not fit model.${issue.path.join('.')}: ${issue.message}`);
}

/** @throws checkpoint error when the data was tokenized for another text encoder, or split otherwise than the run's */
export function assertDataFits({ run, checkpoint }: Start, dataset: Dataset): void {
  if (run) assertSameData(run, dataset);
  if (checkpoint !== undefined) assertSameTokenizer(checkpoint, dataset);
}

/**
 * Initial values: everything that the run or checkpoint holds, the rest as `inits` says.
 * @param fresh which parameters may start anew although the run has a model (a new head)
 */
export function startingValues<Inits extends Tree<ParameterInit>>(inits: Inits, start: Start, fresh: (path: string) => boolean): Inits {
  const stored = storedIn(start);
  if (!stored) return inits;
  return withStoredValues(inits, stored, start.run ? fresh : (name) => !name.startsWith(BERT) || name.startsWith(`${BERT}pooler.`));
}

const BERT = 'bert.';

/** What the run or checkpoint holds, under the names that parameters have in a model. */
export function storedIn({ run, checkpoint }: Start): TensorSource | undefined {
  if (run) return openSafetensors(run.weights);
  if (checkpoint === undefined) return undefined;
  const { names, read, describe } = openTextEncoder(checkpoint);
  const known = new Set(names.map((name) => BERT + name));
  const own = (name: string): string => name.slice(BERT.length);
  return { file: path.resolve(checkpoint), describe: (name) => (known.has(name) ? describe(own(name)) : undefined), read: (name) => read(own(name)) };
}

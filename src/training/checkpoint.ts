/** Checkpoints: a model's weights alone (a run's result), and everything that an exact continuation needs. */
import fs from 'node:fs';
import path from 'node:path';
import { checkpointError } from '../core/errors.js';
import type { ParameterLayout } from './flat-parameters.js';
import { readSafetensors, writeSafetensors, type StoredTensor } from './safetensors.js';
import type { Trainer } from './trainer.js';

/** Saves named parameters; the file's names are the parameter paths. */
export function saveParameters(file: string, layout: ParameterLayout, flat: Float32Array): void {
  writeSafetensors(file, named(layout, flat));
}

function named(layout: ParameterLayout, flat: Float32Array, prefix = ''): Record<string, StoredTensor> {
  const views = layout.view(flat);
  return Object.fromEntries(layout.specs.map(({ name, shape }) => [prefix + name, { shape, data: views[name]! }]));
}

export interface LoadOptions {
  /** Parameters the file need not hold (a new head on a pre-trained encoder). */
  optional?: (path: string) => boolean;
  prefix?: string;
}

/**
 * Loads parameters by name into a flat buffer.
 * @returns the paths that were not in the file (only optional ones)
 * @throws checkpoint error naming the first parameter that is missing or has another shape; nothing is changed then
 */
export function loadParameters(file: string, layout: ParameterLayout, flat: Float32Array, { optional = () => false, prefix = '' }: LoadOptions = {}): string[] {
  const stored = readSafetensors(file);
  const absent: string[] = [];
  for (const { name, shape } of layout.specs) {
    const tensor = stored[prefix + name];
    if (!tensor && optional(name)) absent.push(name);
    else if (!tensor) throw checkpointError(`${file}: has no parameter ${name} [${shape.join(', ')}]; was it trained with another model configuration or vocabulary?`);
    else if (tensor.shape.join() !== shape.join()) throw checkpointError(`${file}: parameter ${name} is [${tensor.shape.join(', ')}], this model needs [${shape.join(', ')}]; the configuration or the vocabulary differs`);
  }
  const views = layout.view(flat);
  for (const { name } of layout.specs) {
    const tensor = stored[prefix + name];
    if (tensor) views[name]!.set(tensor.data);
  }
  return absent;
}

const COMPLETE = /^checkpoint-(\d+)$/;

/** Complete checkpoints of an unfinished run, newest first. */
const checkpointsIn = (dir: string): string[] =>
  (fs.existsSync(dir) ? fs.readdirSync(dir) : [])
    .filter((name) => COMPLETE.test(name))
    .sort()
    .reverse()
    .map((name) => path.join(dir, name));

/** Writes a checkpoint under a temporary name, renames it, then drops the older ones: a kill at any moment leaves a complete one. */
export function saveCheckpoint<State extends { step: number }>(dir: string, trainer: Trainer, best: Float32Array | undefined, state: State): void {
  const target = path.join(dir, `checkpoint-${String(state.step).padStart(9, '0')}`);
  const temporary = `${target}.tmp`;
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  saveParameters(path.join(temporary, 'model.safetensors'), trainer.layout, trainer.parameters);
  writeSafetensors(path.join(temporary, 'optimizer.safetensors'), { ...named(trainer.layout, trainer.m, 'm/'), ...named(trainer.layout, trainer.v, 'v/') });
  if (best) saveParameters(path.join(temporary, 'best.safetensors'), trainer.layout, best);
  fs.writeFileSync(path.join(temporary, 'state.json'), JSON.stringify(state));
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(temporary, target);
  for (const old of checkpointsIn(dir)) if (old !== target) fs.rmSync(old, { recursive: true, force: true });
}

/** A finished run needs no checkpoint, nor one whose writing a kill cut short. */
export function dropCheckpoints(dir: string): void {
  for (const name of fs.readdirSync(dir)) if (/^checkpoint-\d+(\.tmp)?$/.test(name)) fs.rmSync(path.join(dir, name), { recursive: true, force: true });
}

/** Restores the newest checkpoint of an unfinished run. @returns its state, or undefined when there is none */
export function restoreCheckpoint<State>(dir: string, trainer: Trainer, best: Float32Array): { state: State; hasBest: boolean } | undefined {
  const [newest] = checkpointsIn(dir);
  if (!newest) return undefined;
  loadParameters(path.join(newest, 'model.safetensors'), trainer.layout, trainer.parameters);
  loadParameters(path.join(newest, 'optimizer.safetensors'), trainer.layout, trainer.m, { prefix: 'm/' });
  loadParameters(path.join(newest, 'optimizer.safetensors'), trainer.layout, trainer.v, { prefix: 'v/' });
  const bestFile = path.join(newest, 'best.safetensors');
  const hasBest = fs.existsSync(bestFile);
  if (hasBest) loadParameters(bestFile, trainer.layout, best);
  return { state: JSON.parse(fs.readFileSync(path.join(newest, 'state.json'), 'utf8')) as State, hasBest };
}

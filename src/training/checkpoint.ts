/** Checkpoints: a model's weights alone (a run's result), and everything that an exact continuation needs. */
import fs from 'node:fs';
import path from 'node:path';
import type { ParameterLayout } from './flat-parameters.js';
import { openSafetensors, writeSafetensors, type StoredTensor } from '../core/safetensors.js';
import { expectTensor } from './stored-values.js';
import type { Trainer } from './trainer.js';

/** Parameters in a flat buffer. */
export interface FlatParameters {
  layout: ParameterLayout;
  values: Float32Array;
}

/** Saves named parameters; the file's names are the parameter paths. */
export function saveParameters(file: string, ...parts: FlatParameters[]): void {
  writeSafetensors(file, Object.assign({}, ...parts.map((part) => named(part))) as Record<string, StoredTensor>);
}

function named({ layout, values }: FlatParameters, prefix = ''): Record<string, StoredTensor> {
  const views = layout.view(values);
  return Object.fromEntries(layout.specs.map(({ name, shape }) => [prefix + name, { shape, data: views[name]! }]));
}

/**
 * Loads parameters by name into a flat buffer.
 * @throws checkpoint error naming the first parameter that is missing or has another shape; nothing is changed then
 */
export function loadParameters(file: string, { layout, values }: FlatParameters, prefix = ''): void {
  const stored = openSafetensors(file);
  for (const { name, shape } of layout.specs) expectTensor(stored, prefix + name, shape);
  const views = layout.view(values);
  for (const { name } of layout.specs) views[name]!.set(stored.read(prefix + name).data);
}

const COMPLETE = /^checkpoint-(\d+)$/;

export const isCheckpoint = (name: string): boolean => COMPLETE.test(name);

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
  const { layout, parameters, m, v } = trainer;
  saveParameters(path.join(temporary, 'model.safetensors'), { layout, values: parameters });
  writeSafetensors(path.join(temporary, 'optimizer.safetensors'), { ...named({ layout, values: m }, 'm/'), ...named({ layout, values: v }, 'v/') });
  if (best) saveParameters(path.join(temporary, 'best.safetensors'), { layout, values: best });
  fs.writeFileSync(path.join(temporary, 'state.json'), JSON.stringify(state));
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(temporary, target);
  for (const old of checkpointsIn(dir)) if (old !== target) fs.rmSync(old, { recursive: true, force: true });
}

/** A finished run needs no checkpoint, nor one whose writing a kill cut short. */
export function dropCheckpoints(dir: string): void {
  for (const name of fs.readdirSync(dir)) if (/^checkpoint-\d+(\.tmp)?$/.test(name)) fs.rmSync(path.join(dir, name), { recursive: true, force: true });
}

/** The state that an unfinished run would be continued from; undefined when it would start anew. */
export function newestState<State>(dir: string): State | undefined {
  const [newest] = checkpointsIn(dir);
  return newest === undefined ? undefined : (JSON.parse(fs.readFileSync(path.join(newest, 'state.json'), 'utf8')) as State);
}

/** Restores the newest checkpoint of an unfinished run. @returns its state, or undefined when there is none */
export function restoreCheckpoint<State>(dir: string, trainer: Trainer, best: Float32Array): { state: State; hasBest: boolean } | undefined {
  const [newest] = checkpointsIn(dir);
  if (newest === undefined) return undefined;
  const { layout, parameters, m, v } = trainer;
  loadParameters(path.join(newest, 'model.safetensors'), { layout, values: parameters });
  const moments = path.join(newest, 'optimizer.safetensors');
  loadParameters(moments, { layout, values: m }, 'm/');
  loadParameters(moments, { layout, values: v }, 'v/');
  const bestFile = path.join(newest, 'best.safetensors');
  const hasBest = fs.existsSync(bestFile);
  if (hasBest) loadParameters(bestFile, { layout, values: best });
  return { state: JSON.parse(fs.readFileSync(path.join(newest, 'state.json'), 'utf8')) as State, hasBest };
}

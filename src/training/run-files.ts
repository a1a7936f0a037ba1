/** What every run directory holds besides its weights: configuration, vocabularies, history. */
import fs from 'node:fs';
import path from 'node:path';
import { expectArtifact, sha256, type Manifest } from '../core/artifact.js';
import { parseConfig, readYaml, toYaml } from '../core/config.js';
import { checkpointError } from '../core/errors.js';
import type { Dataset, PrepareConfig } from '../dataset/index.js';
import { modelSchema, type ModelConfig } from '../encoders/config.js';
import { cacheConfigSchema, type CacheConfig } from '../prefix-cache/index.js';
import { recordProtocol, type ProtocolChoice } from '../protocols/index.js';
import type { HistoryEntry } from './loop.js';

const VOCABULARY_FILES = ['vocab.json', 'tokenizer.json'] as const;

export interface RunFiles {
  /** The resolved configuration, `model` among it. */
  config: { model: ModelConfig; [section: string]: unknown };
  data: string;
  history: readonly HistoryEntry[];
}

/**
 * What identifies a stage's run: its own section and the model, the protocol that they follow, and of the cache what results depend on — nothing
 * unless layers are frozen, and never where it lies.
 */
export function stageConfig<Name extends string>(name: Name, config: { model: ModelConfig; cache: CacheConfig; protocol?: ProtocolChoice } & Record<Name, { freeze: number | null }>) {
  const { model, cache: { enabled, precision } } = config;
  const stage = config[name];
  const protocol = recordProtocol(config.protocol, { model, [name]: stage });
  return { protocol, model, [name]: stage, ...(stage.freeze === null ? {} : { cache: { enabled, precision } }) };
}

export function writeRunFiles(dir: string, { config, data, history }: RunFiles): void {
  fs.writeFileSync(path.join(dir, 'config.yaml'), toYaml(config));
  copyVocabularies(data, dir);
  fs.writeFileSync(path.join(dir, 'history.jsonl'), history.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

/** So that a run knows which data it fits. */
export function copyVocabularies(data: string, dir: string): void {
  for (const name of VOCABULARY_FILES) fs.copyFileSync(path.join(data, name), path.join(dir, name));
}

/** How `prepare` made tokens and vocabulary codes of what it read: whoever serves the run does the same. */
export type Prepared = Pick<PrepareConfig, 'text' | 'codes' | 'max_tokens'>;

/** What ties a run to its data, kept in the run's manifest. */
export function lineage({ manifest }: Dataset): Pick<Manifest, 'split_id'> & { prepared: Prepared } {
  const { text, codes, max_tokens } = manifest.config as PrepareConfig;
  return { split_id: manifest.split_id, prepared: { text, codes, max_tokens } };
}

export interface OpenedRun {
  dir: string;
  manifest: Manifest;
  model: ModelConfig;
  weights: string;
}

/** @throws data error when `dir` is not a finished run of one of the commands */
export function openRun(dir: string, ...commands: string[]): OpenedRun {
  const manifest = expectArtifact(dir, ...commands);
  const file = path.join(dir, 'config.yaml');
  return { dir, manifest, model: parseConfig(modelSchema, readYaml(file)['model'], `${file}: model`), weights: path.join(dir, 'model.safetensors') };
}

/** @throws checkpoint error when a run was trained with other vocabularies or another split than the data has */
export function assertSameData({ dir, manifest }: Pick<OpenedRun, 'dir' | 'manifest'>, dataset: Dataset): void {
  for (const name of VOCABULARY_FILES) {
    const [ofRun, ofData] = [dir, dataset.dir].map((folder) => sha256(fs.readFileSync(path.join(folder, name))));
    if (ofRun !== ofData) throw checkpointError(`${path.join(dir, name)}: differs from ${path.join(dataset.dir, name)}; a run can only be used with the data directory it was trained on (or one prepared alike)`);
  }
  if (manifest.split_id !== dataset.manifest.split_id) {
    throw checkpointError(`${dir}: was trained with split ${manifest.split_id ?? '?'}, ${dataset.dir} has split ${dataset.manifest.split_id ?? '?'}; its training patients could be in this dev or test set`);
  }
}

/** How a run kept the output of its frozen layers, and where. */
export function cacheOf(dir: string): CacheConfig {
  const file = path.join(dir, 'config.yaml');
  return parseConfig(cacheConfigSchema, readYaml(file)['cache'] ?? {}, `${file}: cache`);
}

export const readHistory = (dir: string): HistoryEntry[] =>
  fs
    .readFileSync(path.join(dir, 'history.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as HistoryEntry);

/** One YAML file configures a whole run; each command takes its own slice of it. */
import fs from 'node:fs';
import { z } from 'zod';
import type { Argv } from 'yargs';
import { baselineSchema } from '../../finetune/baselines/config.js';
import { finetuneSchema } from '../../finetune/config.js';
import { coderSchema } from '../../finetune/coder/config.js';
import { nerSchema } from '../../finetune/ner/config.js';
import { pretrainSchema } from '../../pretrain/config.js';
import { mlmSchema } from '../../pretrain/mlm/config.js';
import { benchmarkSchema } from '../benchmarks/schema.js';
import { applyOverrides, parseConfig, readYaml, type RawConfig } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';
import { prepareSchema } from '../dataset/index.js';
import { modelSchema } from '../encoders/config.js';
import { cacheConfigSchema } from '../prefix-cache/index.js';
import { protocolSchema } from '../protocols/index.js';
import { ingestSchema } from '../records/config.js';
import { trackingSchema } from '../tracking/config.js';
import { bundledConfigs } from './bundled-configs.js';
import { assertNoProtocol, followProtocol, protocolOptions, type ProtocolArgs } from './protocol.js';

export const runSchema = z.strictObject({
  /** Raw tables → store. `medweave ingest` takes most of these fields from its flags too. */
  ingest: ingestSchema.partial().optional(),
  /** Store → data: cohort, codes, text, tokenizer, split. */
  prepare: prepareSchema.prefault({}),
  /** The shape of the model that `mlm`, `pretrain` and `finetune` train. */
  model: modelSchema.prefault({}),
  /** Masked-language modelling on notes, by `medweave mlm`. */
  mlm: mlmSchema.prefault({}),
  /** Pre-training on notes and codes, by `medweave pretrain`. */
  pretrain: pretrainSchema.prefault({}),
  /** Fine-tuning for a task, by `medweave finetune`. */
  finetune: finetuneSchema.prefault({}),
  /** The probe of `medweave probe ner`. */
  ner: nerSchema.prefault({}),
  /** TF-IDF and logistic regression, for `medweave baseline`. */
  baseline: baselineSchema.prefault({}),
  /** The combined coder of `medweave coder`. */
  coder: coderSchema.prefault({}),
  /** The cache on disk of what frozen text layers make of each note. */
  cache: cacheConfigSchema.prefault({}),
  /** What a configuration of configs/benchmarks is of; for `medweave benchmark`. */
  benchmark: benchmarkSchema.optional(),
  /** Where figures of a run go besides its directory. */
  tracking: trackingSchema.prefault({}),
  /** What the run reproduces; its settings are in the other sections already (docs/protocols.md). */
  protocol: protocolSchema.prefault({}),
});
export type RunConfig = z.output<typeof runSchema>;

export interface ConfigArgs extends ProtocolArgs {
  config?: string;
  set: string[];
}

export const configOptions = <Args>(yargs: Argv<Args>): Argv<Args & ConfigArgs> =>
  protocolOptions(yargs)
    .option('config', { type: 'string', describe: 'YAML file, or the name of one in configs/ (demo, codiesp, …)' })
    .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], defaultDescription: 'none', describe: 'override a field, e.g. --set pretrain.training.epochs=3 (docs/configuration.md); repeatable' }) as Argv<Args & ConfigArgs>;

/** Reads, overrides and checks the configuration; without `--config`, the schema's defaults. Later ones win: protocol, file, single switches, `--set`. */
export const loadRunConfig = (args: ConfigArgs): RunConfig => resolveRunConfig(args).config;

/** A configuration and the layers that it was made of. */
export interface ResolvedConfig {
  config: RunConfig;
  /** Undefined without `--config`. */
  file?: string;
  /** What the file says. */
  own: RawConfig;
  /** The same with what its protocol and its switches set. */
  followed: RawConfig;
}

export function resolveRunConfig({ config, set, ...protocol }: ConfigArgs): ResolvedConfig {
  const file = config === undefined ? undefined : findConfig(config);
  const where = file ?? 'configuration';
  assertNoProtocol(set);
  const own = file ? readYaml(file) : {};
  const followed = followProtocol(own, protocol, where);
  return { config: parseConfig(runSchema, applyOverrides(followed, set), where), file, own, followed };
}

/** A file, or a bundled configuration by its name. @throws configuration error for neither */
export function findConfig(nameOrFile: string): string {
  const bundled = packageFile('configs', `${nameOrFile}.yaml`);
  const found = [nameOrFile, bundled].find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
  if (found) return found;
  throw configurationError(`--config ${nameOrFile}: no such file, nor one of the bundled configurations (${bundledConfigs().join(', ')})`);
}

/** One YAML file configures a whole run; each command takes its own slice of it. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Argv } from 'yargs';
import { baselineSchema } from '../../finetune/baselines/config.js';
import { finetuneSchema } from '../../finetune/config.js';
import { coderSchema } from '../../finetune/coder/config.js';
import { nerSchema } from '../../finetune/ner/config.js';
import { pretrainSchema } from '../../pretrain/config.js';
import { mlmSchema } from '../../pretrain/mlm/config.js';
import { benchmarkSchema } from '../benchmarks/schema.js';
import { applyOverrides, parseConfig, readYaml } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';
import { prepareSchema } from '../dataset/index.js';
import { modelSchema } from '../encoders/config.js';
import { cacheConfigSchema } from '../prefix-cache/index.js';
import { protocolSchema } from '../protocols/index.js';
import { ingestSchema } from '../records/config.js';
import { assertNoProtocol, followProtocol, protocolOptions, type ProtocolArgs } from './protocol.js';

export const runSchema = z.strictObject({
  /** Checked in full by `ingest`, which also takes its fields from flags. */
  ingest: ingestSchema.partial().optional(),
  prepare: prepareSchema.prefault({}),
  model: modelSchema.prefault({}),
  mlm: mlmSchema.prefault({}),
  pretrain: pretrainSchema.prefault({}),
  finetune: finetuneSchema.prefault({}),
  ner: nerSchema.prefault({}),
  /** TF-IDF and logistic regression, for `medweave baseline`. */
  baseline: baselineSchema.prefault({}),
  /** The combined coder of `medweave coder`. */
  coder: coderSchema.prefault({}),
  /** Of the output of frozen text layers. */
  cache: cacheConfigSchema.prefault({}),
  /** What a configuration of configs/benchmarks is of; for `medweave benchmark`. */
  benchmark: benchmarkSchema.optional(),
  /** What the run reproduces; its settings are in the other sections already (see src/protocols). */
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
    .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'override, e.g. --set pretrain.training.epochs=3' }) as Argv<Args & ConfigArgs>;

/** Reads, overrides and checks the configuration; without `--config`, the schema's defaults. Later ones win: protocol, file, single switches, `--set`. */
export function loadRunConfig({ config, set, ...protocol }: ConfigArgs): RunConfig {
  const file = config === undefined ? undefined : findConfig(config);
  const where = file ?? 'configuration';
  assertNoProtocol(set);
  const raw = followProtocol(file ? readYaml(file) : {}, protocol, where);
  return parseConfig(runSchema, applyOverrides(raw, set), where);
}

/** Names of the configurations in configs/. */
export const bundledConfigs = (): string[] =>
  fs.readdirSync(packageFile('configs')).filter((name) => name.endsWith('.yaml') && name !== 'protocols.yaml').map((name) => path.basename(name, '.yaml'));

/** A file, or a bundled configuration by its name. @throws configuration error for neither */
export function findConfig(nameOrFile: string): string {
  const bundled = packageFile('configs', `${nameOrFile}.yaml`);
  const found = [nameOrFile, bundled].find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
  if (found) return found;
  throw configurationError(`--config ${nameOrFile}: no such file, nor one of the bundled configurations (${bundledConfigs().join(', ')})`);
}

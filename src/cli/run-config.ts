/** One YAML file configures a whole run; each command takes its own slice of it. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Argv } from 'yargs';
import { finetuneSchema } from '../../finetune/config.js';
import { pretrainSchema } from '../../pretrain/config.js';
import { mlmSchema } from '../../pretrain/mlm/config.js';
import { applyOverrides, parseConfig, readYaml } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';
import { prepareSchema } from '../dataset/index.js';
import { modelSchema } from '../encoders/config.js';
import { cacheConfigSchema } from '../prefix-cache/index.js';
import { ingestSchema } from '../records/config.js';

export const runSchema = z.strictObject({
  /** Checked in full by `ingest`, which also takes its fields from flags. */
  ingest: ingestSchema.partial().optional(),
  prepare: prepareSchema.prefault({}),
  model: modelSchema.prefault({}),
  mlm: mlmSchema.prefault({}),
  pretrain: pretrainSchema.prefault({}),
  finetune: finetuneSchema.prefault({}),
  /** Of the output of frozen text layers. */
  cache: cacheConfigSchema.prefault({}),
});
export type RunConfig = z.output<typeof runSchema>;

export interface ConfigArgs {
  config?: string;
  set: string[];
}

export const configOptions = <Args>(yargs: Argv<Args>): Argv<Args & ConfigArgs> =>
  yargs
    .option('config', { type: 'string', describe: 'YAML file, or the name of one in configs/ (demo, codiesp, …)' })
    .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'override, e.g. --set pretrain.training.epochs=3' }) as Argv<Args & ConfigArgs>;

/** Reads, overrides and checks the configuration; without `--config`, the schema's defaults. */
export function loadRunConfig({ config, set }: ConfigArgs): RunConfig {
  const file = config === undefined ? undefined : findConfig(config);
  const raw = applyOverrides(file ? readYaml(file) : {}, set);
  return parseConfig(runSchema, raw, file ?? 'configuration');
}

function findConfig(nameOrFile: string): string {
  const bundled = packageFile('configs', `${nameOrFile}.yaml`);
  const found = [nameOrFile, bundled].find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
  if (found) return found;
  const names = fs.readdirSync(packageFile('configs')).filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml'));
  throw configurationError(`--config ${nameOrFile}: no such file, nor one of the bundled configurations (${names.join(', ')})`);
}

/** The options that every command has. */
import type { Argv } from 'yargs';

export interface GlobalArgs {
  json: boolean;
  seed?: number;
  device: string;
  force: boolean;
  quiet: boolean;
  verbose: boolean;
}

export const globalOptions = (parser: Argv): Argv<GlobalArgs> =>
  parser
    .option('json', { type: 'boolean', default: false, describe: 'machine-readable result on standard output', global: true })
    .option('seed', { type: 'number', describe: 'seed of every random draw', global: true })
    .option('device', { type: 'string', default: 'auto', describe: 'auto, cpu, webgpu, cuda or tensorflow', global: true })
    .option('force', { type: 'boolean', default: false, describe: 'redo work whose result is already there', global: true })
    .option('quiet', { type: 'boolean', default: false, describe: 'only warnings and errors', global: true })
    .option('verbose', { type: 'boolean', default: false, describe: 'more detail, and stack traces of errors', global: true });

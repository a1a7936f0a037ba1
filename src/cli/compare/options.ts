/** Options that the comparing commands share. */
import os from 'node:os';
import type { Argv } from 'yargs';
import { configurationError } from '../../core/errors.js';

export interface ComparisonArgs {
  out: string;
  data?: string;
  store?: string;
  ceiling?: string;
  config?: string;
  seeds?: number;
  jobs: number;
  keepWeights: boolean;
}

export const comparisonOptions = <Args>(yargs: Argv<Args>): Argv<Args & ComparisonArgs> =>
  yargs
    .option('out', { type: 'string', demandOption: true, describe: 'directory to write: cells, results.json, table.md, report.html' })
    .option('data', { type: 'string', describe: 'directory written by `medweave prepare`' })
    .option('store', { type: 'string', describe: 'directory written by `medweave ingest`, for what needs data prepared otherwise' })
    .option('ceiling', { type: 'string', describe: 'directory of `medweave synth`: adds its Bayes-optimal scores' })
    .option('config', { type: 'string', describe: 'base configuration instead of the grid\'s own' })
    .option('seeds', { type: 'number', describe: 'fine-tuning seeds 1 … N' })
    .option('jobs', { type: 'number', default: os.availableParallelism(), defaultDescription: 'one a core', describe: 'runs at a time, one thread each' })
    .option('keep-weights', { type: 'boolean', default: false, describe: 'keep the weights of scored models' }) as unknown as Argv<Args & ComparisonArgs>;

/** `a, b` → `[a, b]`; undefined stays undefined. */
export const list = (text: string | undefined): string[] | undefined => text?.split(',').map((word) => word.trim()).filter(Boolean);

/** `0.1,1` → `[0.1, 1]`. @throws configuration error for what is no number */
export function numbers(option: string, text: string | undefined): number[] | undefined {
  return list(text)?.map((word) => {
    const value = Number(word);
    if (!Number.isFinite(value)) throw configurationError(`${option} ${text}: ${word} is not a number`);
    return value;
  });
}

/** @throws configuration error for counts below 1 */
export function checkCounts(args: Pick<ComparisonArgs, 'seeds' | 'jobs'>): void {
  for (const [name, value] of Object.entries({ seeds: args.seeds, jobs: args.jobs })) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) throw configurationError(`--${name} ${value}: expected a whole number from 1`);
  }
}

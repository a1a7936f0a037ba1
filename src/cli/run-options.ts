/** Options and output that the training commands share. */
import type { Argv } from 'yargs';
import { openTracker, type TrackingRequest } from '../tracking/open-tracker.js';
import type { HistoryEntry } from '../training/loop.js';
import type { Tracker } from '../training/tracker.js';
import type { CommandContext } from './command.js';
import { configOptions, type ConfigArgs, type RunConfig } from './run-config.js';
import { trackingOptions, trackingRequest } from './tracking-options.js';

export interface RunArgs extends ConfigArgs, TrackingRequest {
  data: string;
  out: string;
  resume: boolean;
}

export const runOptions = <Args>(yargs: Argv<Args>): Argv<Args & RunArgs> =>
  trackingOptions(configOptions(yargs))
    .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
    .option('out', { type: 'string', demandOption: true, describe: 'run directory to write' })
    .option('resume', { type: 'boolean', default: false, describe: 'continue an unfinished run exactly where it was' }) as unknown as Argv<Args & RunArgs>;

/** Told of a training run as the command line and the configuration ask. */
export const trackerOf = (args: TrackingRequest, { tracking }: Pick<RunConfig, 'tracking'>, { signal, log }: Pick<CommandContext, 'signal' | 'log'>): Tracker =>
  openTracker(trackingRequest(args), tracking, { signal, log });

export const DEFAULT_SEED = 1;

/** One line an evaluation. */
export function historyTable(history: readonly HistoryEntry[]): string {
  if (!history.length) return '';
  const names = [...new Set(history.flatMap(({ metrics }) => Object.keys(metrics)))];
  const rows = [['epoch', 'step', ...names], ...history.map(({ epoch, step, metrics }) => [String(epoch), String(step), ...names.map((name) => metrics[name]?.toFixed(4) ?? '')])];
  return alignColumns(rows);
}

/** Columns padded to equal width, right-aligned. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd()).join('\n');
}

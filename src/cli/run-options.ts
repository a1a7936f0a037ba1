/** Options and output that the training commands share. */
import type { Argv } from 'yargs';
import type { HistoryEntry } from '../training/loop.js';
import { configOptions, type ConfigArgs } from './run-config.js';

export interface RunArgs extends ConfigArgs {
  data: string;
  out: string;
  resume: boolean;
}

export const runOptions = <Args>(yargs: Argv<Args>): Argv<Args & RunArgs> =>
  configOptions(yargs)
    .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
    .option('out', { type: 'string', demandOption: true, describe: 'run directory to write' })
    .option('resume', { type: 'boolean', default: false, describe: 'continue an unfinished run exactly where it was' }) as unknown as Argv<Args & RunArgs>;

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

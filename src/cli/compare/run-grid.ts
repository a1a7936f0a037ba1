/** Runs a grid: plans it, does what is left in worker processes, and writes results.json, table.md and report.html. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { differenceOf } from '../../compare/difference.js';
import { judgeClaims } from '../../compare/effects.js';
import { readEvaluation, type Evaluation } from '../../compare/evaluation.js';
import type { Grid, Variation } from '../../compare/grid.js';
import { stateOf } from '../../compare/job.js';
import { renderMarkdown } from '../../compare/markdown.js';
import { measurementsOf, type Measurement } from '../../compare/measurements.js';
import { assignments, planGrid, type Cell, type Command, type Plan } from '../../compare/plan.js';
import { comparisonOf, type Comparison, type FailedJob } from '../../compare/results.js';
import { runJobs } from '../../compare/run-jobs.js';
import { openWorkers } from '../../compare/workers.js';
import { fingerprint, readManifest } from '../../core/artifact.js';
import { makeFolder } from '../../core/make-folder.js';
import { noticesOfInputs, noticeText, writeNotices } from '../../core/notices.js';
import { packageVersion } from '../../core/paths.js';
import { renderComparisonReport } from '../../report/comparison-report.js';
import type { CommandContext, CommandResult } from '../command.js';
import { Interrupted } from '../interrupted.js';
import { loadRunConfig } from '../run-config.js';

export interface GridRun {
  out: string;
  data: string;
  store?: string;
  ceiling?: string;
  jobs: number;
  keepWeights: boolean;
}

/** @returns the table as text, all results as JSON; `failed` when a cell did not finish */
export async function runGrid(grid: Grid, run: GridRun, context: CommandContext): Promise<CommandResult> {
  const done = await runCells(grid, run, context);
  const comparison = compareCells(grid, done);
  const { table, page } = writeResults(comparison, run);
  const text = [renderMarkdown(comparison), `written: ${table}, ${page}`].join('\n');
  return { text, json: comparison, failed: done.failed.length > 0 };
}

export interface DoneCells {
  measurements: Measurement[];
  failed: FailedJob[];
  /** Any evaluation of a task. */
  evaluationOf: (task: string) => Evaluation | undefined;
}

/** Does what is left of a grid, and reads what its cells measured. */
export async function runCells(grid: Grid, run: GridRun, context: CommandContext): Promise<DoneCells> {
  const plan = planOf(grid, run, context);
  if (context.force) for (const { dir } of plan.jobs) fs.rmSync(dir, { recursive: true, force: true });
  const failed = await doJobs(plan, run, context);
  const evaluations = new Map(plan.cells.filter(({ job }) => stateOf(job) === 'done').map((cell) => [cell, readEvaluation(cell.evaluation)]));
  const cellOf = (task: string): Cell | undefined => plan.cells.find((cell) => cell.task === task && evaluations.has(cell));
  return { measurements: measurementsOf(grid, plan.cells, (cell) => evaluations.get(cell)), failed, evaluationOf: (task) => evaluations.get(cellOf(task)!) };
}

function planOf(grid: Grid, { out, data, store, ceiling, keepWeights }: GridRun, { device }: CommandContext): Plan {
  const prints = new Map<string, string>();
  const remembered = (input: string): string => {
    const print = prints.get(input) ?? fingerprint(input);
    prints.set(input, print);
    return print;
  };
  return planGrid(grid, { out, data, store, ceiling, keepWeights, device, version: packageVersion(), resolve: resolver(grid.config), fingerprint: remembered });
}

/** A command's own section and, for training, the model; what the protocol says of other sections does not matter. */
function resolver(config: string): (command: Command, variation: Variation) => unknown {
  return (command, { set, switch: switches }) => {
    const resolved = loadRunConfig({ config, set: assignments(set), switch: Object.entries(switches).map(([name, variant]) => `${name}=${variant}`) });
    return command === 'prepare' ? { prepare: resolved.prepare, checkpoint: resolved.model.text.checkpoint } : { model: resolved.model, [command]: resolved[command] };
  };
}

async function doJobs(plan: Plan, { out, data, store, jobs }: GridRun, { signal, log }: CommandContext): Promise<FailedJob[]> {
  makeFolder(out);
  writeNotices(out, noticesOfInputs([data, ...(store === undefined ? [] : [store])]));
  const workers = openWorkers({
    program: fileURLToPath(new URL('./worker.js', import.meta.url)),
    count: jobs,
    output: path.join(out, 'workers.log'),
    environment: { MEDWEAVE_THREADS: '1' },
  });
  try {
    const failed = await runJobs(plan, { workers, parallel: jobs, signal, log });
    if (signal.aborted) throw new Interrupted(`interrupted; ${countDone(plan)} of ${plan.cells.length} cells are finished, begun ones are saved in ${out}. Repeat the command to continue`);
    return failed;
  } finally {
    await workers.close();
  }
}

const countDone = ({ cells }: Plan): number => cells.filter(({ job }) => stateOf(job) === 'done').length;

function compareCells(grid: Grid, { measurements, failed, evaluationOf }: DoneCells): Comparison {
  return comparisonOf(grid, { measurements, effects: judgeClaims(grid, measurements, differenceOf), failed, evaluationOf });
}

function writeResults(comparison: Comparison, { out, data, ceiling }: GridRun): { table: string; page: string } {
  const write = (name: string, text: string): string => writeWhole(path.join(out, name), text);
  write('results.json', `${JSON.stringify(comparison, null, 1)}\n`);
  const about = { ...aboutData(data), synthetic: ceiling !== undefined };
  return { table: write('table.md', renderMarkdown(comparison)), page: write('report.html', renderComparisonReport(comparison, about)) };
}

/** What pages say of the data and of the program. */
export function aboutData(data: string): { version: string; licence?: string; splitId?: string } {
  const manifest = readManifest(data);
  return { version: packageVersion(), licence: noticeText(manifest), splitId: manifest.split_id };
}

/** Never a half-written file under the name. @returns the file */
export function writeWhole(file: string, text: string): string {
  fs.writeFileSync(`${file}.tmp`, text);
  fs.renameSync(`${file}.tmp`, file);
  return file;
}

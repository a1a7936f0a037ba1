/** Brings together what a report is made from, and says what is missing and why. */
import fs from 'node:fs';
import path from 'node:path';
import { packageVersion } from '../../core/paths.js';
import type { Logger } from '../../core/log.js';
import { noticesOf } from '../../core/notices.js';
import { configurationError, dataError } from '../../core/errors.js';
import type { Comparison } from '../../compare/results.js';
import { openDataset, type Dataset, type SplitName } from '../../dataset/index.js';
import { reportedFigures } from '../../metrics/assess.js';
import type { Examples, ReportedRun, RunReport } from '../../report/run/data.js';
import { reportedData, storeOf } from './describe-data.js';
import type { DescribedRun } from './describe-run.js';
import { realExamples, syntheticExamples } from './examples.js';
import { differencesOf, measureRun, type MeasuredRun } from './measure-runs.js';

export interface GatherOptions {
  runs: readonly DescribedRun[];
  data?: string;
  store?: string;
  split: SplitName;
  fewShot?: string;
  showNotes: boolean;
  /** Example notes. */
  examples: number;
  replicates: number;
  seed: number;
  device: string;
  signal: AbortSignal;
  log: Logger;
}

/** Codes that an example note shows. */
const TOP = 6;

export async function gather(options: GatherOptions): Promise<RunReport> {
  const { runs, split, replicates, seed } = options;
  const { task } = runs[0]!;
  const missing: string[] = [];
  const opened = options.data === undefined ? undefined : await openData(options.data, options.store);
  if (!opened) missing.push('No --data was given: without it nothing is measured, and there is no description of the data. The curves and the model’s description are from the run alone.');
  else if (opened.store === undefined) missing.push('The store that the data were prepared from was not found (--store names it): coverage of codes and drugs in the source tables is not shown.');
  const measured = opened ? await measureAll(options, opened) : [];
  const data = opened && reportedData(opened.dataset, opened.store);
  const examples = await examplesOf(options, opened);
  if (!examples && options.examples > 0) missing.push(`No attention examples: ${task === 'icd-coding' ? 'no run here says where in a note it looked' : `a model of ${task} decides on whole visits, not on places of a note`}.`);
  for (const run of runs) if (run.pretrainedFrom !== undefined && !run.pretraining) missing.push(`The pre-trained run ${run.pretrainedFrom} that ${run.name} began from is not there any more: its curve is not shown.`);
  return {
    createdAt: new Date().toISOString(),
    version: packageVersion(),
    task, split,
    notices: noticesOf(...runs.map(({ notices }) => notices), ...(data ? [data.notices] : [])),
    runs: runs.map((run) => reportedRun(run, measured.find(({ name }) => name === run.name))),
    resampling: { replicates, seed },
    differences: differencesOf(task, measured),
    ...(data && { data }),
    fewShot: fewShotOf(options),
    examples,
    missing,
  };
}

interface OpenedData {
  dataset: Dataset;
  store?: string;
}

async function openData(data: string, store: string | undefined): Promise<OpenedData> {
  const dataset = await openDataset(data);
  return { dataset, store: store ?? storeOf(dataset.manifest) };
}

async function measureAll({ runs, log, ...options }: GatherOptions, { dataset, store }: OpenedData): Promise<MeasuredRun[]> {
  const measured: MeasuredRun[] = [];
  for (const run of runs) {
    log.info(`${run.name}: scoring the ${options.split} split; ${reportedFigures[run.task].length} figures, ${options.replicates} resamples of patients`);
    measured.push(await measureRun(run, dataset, { ...options, store, log }));
  }
  return measured;
}

function reportedRun({ dir: _, task: __, ...run }: DescribedRun, measured: MeasuredRun | undefined): ReportedRun {
  return { ...run, ...(measured && { flow: measured.flow, assessment: measured.assessment }) };
}

async function examplesOf({ runs, showNotes, split, examples: count, seed, device, log }: GatherOptions, opened: OpenedData | undefined): Promise<Examples | undefined> {
  if (!count) return undefined;
  const options = { count, top: TOP, seed, device, log };
  if (!showNotes) return syntheticExamples(runs, options);
  if (!opened?.store) throw configurationError('--show-notes: the notes are in the store that the data were prepared from; give --data, and --store where the store has moved');
  return realExamples(runs[0]!, opened.dataset, { ...options, store: opened.store, split });
}

/** Of the directory that was named, else of a `fewshot` beside the run that is of the same task. */
function fewShotOf({ fewShot, runs }: GatherOptions): Comparison | undefined {
  const { dir, task } = runs[0]!;
  const ofTask = (comparison: Comparison): boolean => comparison.tasks.some((one) => one.task === task);
  if (fewShot !== undefined) {
    const comparison = readComparison(fewShot);
    if (!ofTask(comparison)) throw configurationError(`--fewshot ${fewShot}: is of ${comparison.tasks.map((one) => one.task).join(', ')}, the report of ${task}; give the output of \`medweave fewshot ${task}\``);
    return comparison;
  }
  const beside = path.join(path.dirname(path.resolve(dir)), 'fewshot');
  if (!fs.existsSync(path.join(beside, 'results.json'))) return undefined;
  const comparison = readComparison(beside);
  return ofTask(comparison) ? comparison : undefined;
}

function readComparison(dir: string): Comparison {
  const file = path.join(dir, 'results.json');
  try {
    const comparison = JSON.parse(fs.readFileSync(file, 'utf8')) as Comparison;
    if (!Array.isArray(comparison.tasks) || !Array.isArray(comparison.tables)) throw new Error('no tasks and tables');
    return comparison;
  } catch (cause) {
    throw dataError(`${file}: cannot be read as the results of \`medweave fewshot\`; give the directory that it wrote`, cause);
  }
}

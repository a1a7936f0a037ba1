/** `medweave drift`: how far one population of visits has moved from another, as a table, JSON and a page. */
import fs from 'node:fs';
import path from 'node:path';
import { writeArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { noticesOfInputs } from '../../core/notices.js';
import { packageVersion } from '../../core/paths.js';
import { openDataset, splitNames, type SplitName } from '../../dataset/index.js';
import { measureDrift, severities, type DriftReport, type DriftRow, type Severity } from '../../drift/index.js';
import { openDevice } from '../../engine/index.js';
import { renderDriftReport } from '../../report/drift-report.js';
import { defineCommand, type CommandContext } from '../command.js';
import { predictionFeatures } from '../drift/predictions.js';
import { alignColumns, DEFAULT_SEED } from '../run-options.js';

interface DriftArgs {
  reference: string;
  current: string;
  referenceSplit?: SplitName;
  currentSplit?: SplitName;
  run?: string;
  visits: number;
  out?: string;
  failOn?: Exclude<Severity, 'none'>;
}

export default defineCommand<DriftArgs>({
  usage: 'drift',
  describe: 'Compare two data sets: what the model reads, its labels and, with --run, its predictions (PSI, Kolmogorov–Smirnov, χ²)',
  builder: (yargs) =>
    yargs
      .option('reference', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`: what the model was made for' })
      .option('current', { type: 'string', demandOption: true, describe: 'another one, of today\'s visits (or the same, with --current-split)' })
      .option('reference-split', { choices: splitNames, describe: 'only this split of the reference (default: all visits)' })
      .option('current-split', { choices: splitNames, describe: 'only this split of the current data' })
      .option('run', { type: 'string', describe: 'also compare what this model predicts: directory of `finetune`, `baseline` or `coder`' })
      .option('visits', { type: 'number', default: 2000, describe: 'with --run: most visits of each side that are predicted for' })
      .option('out', { type: 'string', describe: 'directory to write: drift.json and report.html' })
      .option('fail-on', { choices: ['moderate', 'major'] as const, describe: 'exit with 2 when anything has drifted so far' })
      .example('$0 drift --reference DATA --current NEW --run RUN --out DRIFT --fail-on major', 'what a monthly job would run') as never,
  async run(args, context) {
    const { visits, failOn } = args;
    if (!Number.isSafeInteger(visits) || visits < 1) throw configurationError(`--visits ${visits}: expected a whole number from 1`);
    const { report, done } = await reportOf(args, context);
    const failed = failOn !== undefined && severities.indexOf(report.severity) >= severities.indexOf(failOn);
    return {
      text: [table(report.rows), '', verdict(report), ...report.notes.map((note) => `note: ${note}`), ...(args.out === undefined ? [] : [`${done ? 'written' : 'unchanged'}: ${path.join(args.out, 'report.html')}`])].join('\n'),
      json: report,
      ...(failed && { wrong: `drift is ${report.severity} (--fail-on ${failOn})` }),
    };
  },
});

async function reportOf(args: DriftArgs, context: CommandContext): Promise<{ report: DriftReport; done: boolean }> {
  const { reference, current, referenceSplit, currentSplit, run, visits, out } = args;
  const { seed = DEFAULT_SEED, force } = context;
  if (out === undefined) return { report: await measure(args, context), done: true };
  const inputs = [...new Set([reference, current, ...(run === undefined ? [] : [run])])];
  const config = { reference_split: referenceSplit, current_split: currentSplit, visits: run === undefined ? undefined : visits };
  const { done } = await writeArtifact({ command: 'drift', out, config, inputs, seed, force }, async (dir) => {
    const report = await measure(args, context);
    fs.writeFileSync(path.join(dir, 'drift.json'), `${JSON.stringify(report, null, 2)}\n`);
    fs.writeFileSync(path.join(dir, 'report.html'), renderDriftReport(report, { version: packageVersion(), notices: noticesOfInputs(inputs) }));
  });
  return { report: JSON.parse(fs.readFileSync(path.join(out, 'drift.json'), 'utf8')) as DriftReport, done };
}

async function measure({ reference, current, referenceSplit, currentSplit, run, visits }: DriftArgs, { device, seed = DEFAULT_SEED, signal, log }: CommandContext): Promise<DriftReport> {
  const first = await openDataset(reference);
  const second = path.resolve(current) === path.resolve(reference) ? first : await openDataset(current);
  if (first === second && referenceSplit === currentSplit) throw configurationError('drift: reference and current are the same visits; name another --current, or --reference-split and --current-split');
  const sides = { reference: { dataset: first, split: referenceSplit }, current: { dataset: second, split: currentSplit } };
  const predictions = run === undefined ? undefined : await predictionFeatures(sides, { run, most: visits, seed, device: await openDevice(device, log), signal, log });
  return measureDrift(sides, predictions);
}

const table = (rows: readonly DriftRow[]): string =>
  alignColumns([['what', 'drift', 'PSI', 'effect', 'p', 'reference', 'current'], ...rows.map(({ name, group, severity, psi, effect, p, reference, current }) =>
    [`${group}: ${name}`, severity, psi.toFixed(3), `${effect.name} ${effect.value.toFixed(3)}`, p < 0.001 ? '<0.001' : p.toFixed(3), reference, current])]);

function verdict({ severity, rows, labels, reference, current }: DriftReport): string {
  const count = (which: readonly { severity: Severity }[], what: string): string => `${which.filter((row) => row.severity !== 'none').length} of ${which.length} ${what}`;
  return `drift: ${severity} (${count(rows, 'features')}, ${count(labels, 'labels')}; ${reference.visits} visits against ${current.visits})`;
}

/** `medweave report`: what runs are worth, as a page that stands by itself, with a model card and a data card. */
import fs from 'node:fs';
import path from 'node:path';
import { dataCard } from '../../cards/data-card.js';
import { modelCard } from '../../cards/model-card.js';
import { writeArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import type { SplitName } from '../../dataset/index.js';
import type { RunReport } from '../../report/run/data.js';
import { figureLine, renderRunReport } from '../../report/run/run-report.js';
import { defineCommand } from '../command.js';
import { describeRuns } from '../report/describe-run.js';
import { gather } from '../report/gather.js';
import { DEFAULT_SEED } from '../run-options.js';

interface ReportArgs {
  runs: string[];
  data?: string;
  store?: string;
  split: SplitName;
  out: string;
  fewshot?: string;
  showNotes: boolean;
  examples: number;
  replicates: number;
  smallCell: number;
}

export default defineCommand<ReportArgs>({
  usage: 'report <runs..>',
  describe: 'Write report.html, a model card a run, a data card, and the numbers behind them as report.json. The first run is the one that others are compared with',
  builder: (yargs) =>
    yargs
      .positional('runs', { type: 'string', array: true, demandOption: true, describe: 'run directories of `medweave finetune` or `medweave baseline`, all of one task' })
      .option('data', { type: 'string', describe: 'directory written by `medweave prepare`; without it there are curves and cards only' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, default: 'test' as const, describe: 'visits to measure on' })
      .option('store', { type: 'string', describe: 'the store that the data were prepared from; by default where it was then' })
      .option('fewshot', { type: 'string', describe: 'output of `medweave fewshot` of the same task; by default `fewshot` beside the first run' })
      .option('replicates', { type: 'number', default: 1000, describe: 'resamples of the patients, for intervals' })
      .option('examples', { type: 'number', default: 2, describe: 'notes to show with the evidence of their codes' })
      .option('show-notes', { type: 'boolean', default: false, describe: 'show real notes of the split instead of synthetic ones: the page then holds patients\' text' })
      .option('small-cell', { type: 'number', default: 5, describe: 'cards give counts of visits or patients below this as "< N"; 1: every count' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .example('$0 report run --data data --out report', 'one run, measured on the test split')
      .example('$0 report pre-trained scratch --data data --out report', 'two runs beside each other, with paired differences') as never,
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { data, store, split, out, fewshot, showNotes, examples, replicates, smallCell } = args;
    checkCounts(args);
    const runs = describeRuns(args.runs);
    const config = { split, showNotes, examples, replicates, smallCell, measured: data !== undefined };
    const inputs = [...args.runs, ...[data, store, fewshot].filter((input) => input !== undefined)];
    const { done } = await writeArtifact({ command: 'report', out, config, inputs, seed, force }, async (dir) => {
      const report = await gather({ runs, data, store, split, fewShot: fewshot, showNotes, examples, replicates, seed, device, signal, log });
      writeFiles(dir, report, { smallCell });
      return { ...report.notices };
    });
    const report = JSON.parse(fs.readFileSync(path.join(out, 'report.json'), 'utf8')) as RunReport;
    return { text: textOf(report, out, done), json: { out, done, ...summaryOf(report) } };
  },
});

function checkCounts({ replicates, examples, smallCell }: ReportArgs): void {
  const wrong = Object.entries({ '--replicates': [replicates, 1, 100_000], '--examples': [examples, 0, 20], '--small-cell': [smallCell, 1, 1000] } as const)
    .find(([, [value, low, high]]) => !Number.isInteger(value) || value < low || value > high);
  if (wrong) throw configurationError(`${wrong[0]} ${wrong[1][0]}: expected a whole number from ${wrong[1][1]} to ${wrong[1][2]}`);
}

/** Pages with patients' text, and numbers of single patients, are for whoever wrote them. */
const FILE_MODE = 0o600;

function writeFiles(dir: string, report: RunReport, { smallCell }: { smallCell: number }): void {
  const write = (name: string, text: string, options: { mode?: number } = {}): void => {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), text, options);
  };
  write('report.html', renderRunReport(report), { mode: FILE_MODE });
  write('report.json', `${JSON.stringify(report, null, 1)}\n`, { mode: FILE_MODE });
  for (const run of report.runs) write(cardFile(report, run.name), modelCard(report, run, { smallCell }));
  if (report.data) write('DATA_CARD.md', dataCard(report.data, report, { smallCell }));
}

/** One run's card lies at the top, as Hugging Face has it; those of several in a folder each. */
const cardFile = ({ runs }: RunReport, name: string): string => (runs.length === 1 ? 'MODEL_CARD.md' : path.join(name, 'MODEL_CARD.md'));

const summaryOf = ({ task, split, runs, missing }: RunReport) => ({
  task, split, missing,
  runs: runs.map(({ name, assessment }) => ({ name, figures: assessment?.figures ?? [] })),
});

function textOf(report: RunReport, out: string, done: boolean): string {
  const files = ['report.html', 'report.json', ...report.runs.map(({ name }) => cardFile(report, name)), ...(report.data ? ['DATA_CARD.md'] : [])];
  return [
    ...report.runs.map((run) => figureLine(report, run)),
    ...report.missing.map((sentence) => `Missing: ${sentence}`),
    `${done ? 'written' : 'already there'}: ${files.map((file) => path.join(out, file)).join(', ')}`,
  ].join('\n');
}

/** `medweave explain`: codes of notes with the text that supports them, as a page, as CodiEsp's task X, or as JSON. */
import path from 'node:path';
import { explainRun, type ExplainedRun } from '../../../finetune/evidence/explain-run.js';
import { openFittedRun } from '../../../finetune/fitted-run.js';
import { openDataset } from '../../dataset/index.js';
import { openDevice } from '../../engine/index.js';
import { configurationError } from '../../core/errors.js';
import { noticesOfInputs } from '../../core/notices.js';
import type { EvidenceFigures } from '../../metrics/evidence.js';
import { defineCommand, type CommandContext, type CommandResult } from '../command.js';
import { readCodedNotes } from '../explain/coded-notes.js';
import { checkExplanationFile, writeExplanation } from '../explain/write.js';
import { alignColumns } from '../run-options.js';

interface ExplainArgs {
  run?: string;
  data?: string;
  store?: string;
  coded?: string;
  split: 'train' | 'dev' | 'test';
  visits?: string;
  top: number;
  gold: boolean;
  titles: string[];
  out: string;
  int8: boolean;
}

export default defineCommand<ExplainArgs>({
  usage: 'explain',
  describe: 'Write codes with the text that supports them: a page (.html), CodiEsp-X (.tsv), or one JSON object a note (.jsonl)',
  builder: (yargs) =>
    yargs
      .option('coded', { type: 'string', describe: 'directory written by `medweave code`' })
      .option('run', { type: 'string', describe: 'or a run directory of `medweave finetune icd-coding` with label attention' })
      .option('data', { type: 'string', describe: 'with --run: directory written by `medweave prepare`' })
      .option('store', { type: 'string', describe: 'with --run: the store that the data was prepared from: it has the notes\' text' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, default: 'dev' as const, describe: 'with --run: visits to explain' })
      .option('visits', { type: 'string', describe: 'only these visits of the split, separated by commas' })
      .option('top', { type: 'number', default: 10, describe: 'codes a note, the most probable; predicted ones are there in any case' })
      .option('gold', { type: 'boolean', default: false, describe: 'show what annotators marked, and explain their codes too' })
      .option('titles', { type: 'string', array: true, default: [], describe: 'titles of full codes, SYSTEM=FILE: a CMS order file, or a dictionary of MIMIC' })
      .option('int8', { type: 'boolean', default: false, describe: 'compute linear layers in 8-bit integers' })
      .option('out', { type: 'string', demandOption: true, describe: 'file to write; it holds patients\' text (.tsv: only where it stands)' })
      .example('$0 explain --run RUN --data DATA --store STORE --gold --out page.html', 'the dev notes beside their annotations') as never,
  async run(args, context) {
    checkExplanationFile(args.out, context.force);
    return args.coded === undefined ? explainFromRun(args, context) : explainCoded(args.coded, args);
  },
});

async function explainCoded(coded: string, { run, gold, out, top, ...args }: ExplainArgs): Promise<CommandResult> {
  if (run !== undefined) throw configurationError('explain: --coded and --run exclude each other');
  if (gold) throw configurationError('explain: --gold needs --run: a coded directory does not know what annotators marked');
  const { notes, notices } = readCodedNotes(coded, { visits: listOf(args.visits), top });
  const summary = `${count(notes.length, 'note')} of ${path.basename(path.resolve(coded))}; the evidence is the words that the combined coder went by.`;
  await writeExplanation(out, notes, { title: 'Codes and their evidence', summary, notices, titles: titleFiles(args.titles) });
  const codes = notes.reduce((sum, note) => sum + note.codes.length, 0);
  return { text: `${codes} codes of ${notes.length} notes written to ${out}`, json: { out, notes: notes.length, codes } };
}

async function explainFromRun(args: ExplainArgs, { log, device, signal }: CommandContext): Promise<CommandResult> {
  const { split, top, gold, int8, out } = args;
  const [run, data, store] = [required('--run', args.run), required('--data', args.data), required('--store', args.store)];
  const [visits, titles] = [listOf(args.visits), titleFiles(args.titles)];
  const dataset = await openDataset(data);
  const fitted = await openFittedRun(run, dataset, { device: await openDevice(device, log), quantize: int8 ? 'int8' : undefined, signal, log });
  try {
    const explained = await explainRun(fitted, { dataset, store, split, visits, top, withGold: gold });
    const about = { title: `Codes and their evidence, ${split}`, summary: summaryOf(explained, run, dataset.dir), notices: noticesOfInputs([run, data, store]), titles };
    await writeExplanation(out, explained.notes, { ...about, ...(gold && { gold: explained.gold }) });
    const codes = explained.notes.reduce((sum, note) => sum + note.codes.length, 0);
    const text = [`${codes} codes of ${explained.notes.length} notes written to ${out}`, ...(explained.figures ? [figuresTable(explained.figures)] : [])].join('\n\n');
    return { text, json: { out, notes: explained.notes.length, codes, figures: explained.figures } };
  } finally {
    fitted.dispose();
  }
}

function required(option: string, value: string | undefined): string {
  if (value === undefined) throw configurationError(`explain: ${option} is missing; give --run RUN --data DATA --store STORE, or --coded DIR of \`medweave code\``);
  return value;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const listOf = (visits: string | undefined): string[] | undefined => visits?.split(',').map((visit) => visit.trim()).filter(Boolean);

const summaryOf = ({ notes }: ExplainedRun, run: string, data: string): string =>
  `${count(notes.length, 'note')} of ${path.basename(path.resolve(data))}, coded by ${path.basename(path.resolve(run))}; the evidence is its label attention.`;

function titleFiles(options: readonly string[]): Record<string, string> {
  return Object.fromEntries(options.map((option) => {
    const at = option.indexOf('=');
    if (at < 1) throw configurationError(`--titles ${option}: expected SYSTEM=FILE, such as icd10cm=icd10cm-order-2021.txt`);
    return [option.slice(0, at), option.slice(at + 1)];
  }));
}

function figuresTable({ pairs, precision, recall, f1, iou, hit, mass }: EvidenceFigures): string {
  const figures = { precision, recall, F1: f1, IOU: iou, hit, mass };
  const rows = [Object.keys(figures), Object.values(figures).map((figure) => figure.toFixed(3))];
  return `words of ${pairs} codes against what annotators marked (docs/evidence.md)\n${alignColumns(rows)}`;
}

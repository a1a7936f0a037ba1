/** `medweave chapter`: the experiment of per-ICD attention's paper on the codes of a chapter: heads against each other, confusion matrices as a picture. */
import path from 'node:path';
import type { Argv } from 'yargs';
import { codesWithin } from '../../../finetune/tasks/codes-within.js';
import { renderChapterMarkdown } from '../../compare/chapter/markdown.js';
import { chapterOf, type ChapterResults } from '../../compare/chapter/results.js';
import { differenceOf } from '../../compare/difference.js';
import type { Grid } from '../../compare/grid.js';
import { assignments } from '../../compare/plan.js';
import { expectArtifact } from '../../core/artifact.js';
import { configurationError } from '../../core/errors.js';
import { readSplit, readVocabulary } from '../../dataset/index.js';
import { renderChapterReport, renderConfusionSvg } from '../../report/chapter-report.js';
import { defineCommand } from '../command.js';
import { chapterGrid } from '../compare/chapter-grid.js';
import { checkCounts, comparisonOptions, list, type ComparisonArgs } from '../compare/options.js';
import { aboutData, runCells, writeWhole } from '../compare/run-grid.js';
import { loadRunConfig } from '../run-config.js';

interface ChapterArgs extends Omit<ComparisonArgs, 'store' | 'ceiling'> {
  nodes: string[];
  data: string;
  from?: string;
  heads: string;
  visits: 'all' | 'with-label';
  split?: 'dev' | 'test';
  references: boolean;
  set: string[];
}

export default defineCommand<ChapterArgs>({
  usage: 'chapter <nodes..>',
  describe: 'Per-ICD attention against a baseline on the codes of a chapter (or block, category): AUC, TPR, FNR, averaged confusion matrices. Repeat the command to continue',
  builder: (yargs) =>
    comparisonOptions(
      yargs
        .positional('nodes', { type: 'string', array: true, demandOption: true, describe: 'nodes of the hierarchy as `medweave ontology` prints them (K00-K95, 520-579), or a letter that codes begin with' })
        .option('from', { type: 'string', describe: 'run of `medweave pretrain` or `mlm` that every model starts from; without it, from scratch or from model.text.checkpoint' })
        .option('heads', { type: 'string', default: 'cls,per-icd,label-attention', describe: 'kinds of finetune.head, separated by commas; the first is the baseline' })
        .option('visits', { choices: ['all', 'with-label'] as const, default: 'all' as const, describe: 'all: visits without any of the codes are negatives; with-label: they are left out' })
        .option('split', { choices: ['dev', 'test'] as const, describe: 'visits to score; by default test where there is one' })
        .option('references', { type: 'boolean', default: true, describe: 'also fit TF-IDF + logistic regression and label frequency' })
        .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'override for all models, e.g. --set finetune.training.epochs=3' })
        .example('$0 chapter K --data data --config chapter --out chapter-k', ''),
    ).demandOption('data').hide('store').hide('ceiling') as unknown as Argv<ChapterArgs>,
  async run(args, context) {
    checkCounts(args);
    const { nodes, data, from, out, jobs, keepWeights, visits } = args;
    expectArtifact(data, 'prepare');
    if (from !== undefined) expectArtifact(from, 'pretrain', 'mlm');
    const split = args.split ?? defaultSplit(data);
    if (args.split === undefined && split === 'dev') context.log.warn('there is no test split: dev is scored, on which training was stopped and the threshold tuned');
    const grid = chapterGrid({ ...args, heads: list(args.heads)!, split, seeds: args.seeds ?? 1 });
    checkNodes(grid, data, nodes);
    const { measurements, failed } = await runCells(grid, { out, data, jobs, keepWeights }, context);
    const setting = { title: `${grid.title}: heads for ICD coding`, nodes, visits, config: grid.config, data, split, seeds: grid.seeds };
    const results = chapterOf(setting, { measurements, failed, differ: differenceOf });
    const text = [renderChapterMarkdown(results), `written: ${writeResults(results, { out, data }).join(', ')}`].join('\n');
    return { text, json: results, failed: failed.length > 0 };
  },
});

const defaultSplit = (data: string): 'dev' | 'test' => (Object.values(readSplit(path.join(data, 'split.json')).patients).includes('test') ? 'test' : 'dev');

/** Before anything runs. @throws configuration error for a setting that does not exist, or a node without codes */
function checkNodes({ config, models, tasks }: Grid, data: string, nodes: readonly string[]): void {
  const { finetune } = loadRunConfig({ config, set: assignments({ ...tasks['icd-coding'], ...models[0]!.set }) });
  const { kinds } = finetune.labels;
  const vocabulary = readVocabulary(path.join(data, 'vocab.json'));
  const codes = kinds.flatMap((kind) => vocabulary.kinds[kind]);
  if (!codes.length) throw configurationError(`${data}: has no ${kinds.join(' or ')} codes; choose other kinds with --set finetune.labels.kinds=[px]`);
  codesWithin(codes, nodes);
}

/** @returns the files */
function writeResults(results: ChapterResults, { out, data }: { out: string; data: string }): string[] {
  const picture = renderConfusionSvg(results);
  const files: [string, string][] = [
    ['chapter.json', `${JSON.stringify(results, null, 1)}\n`],
    ['chapter.md', renderChapterMarkdown(results)],
    ['report.html', renderChapterReport(results, aboutData(data))],
    ...(picture === undefined ? [] : [['confusion.svg', picture] as [string, string]]),
  ];
  return files.map(([name, text]) => writeWhole(path.join(out, name), text));
}

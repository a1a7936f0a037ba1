/** `medweave benchmark`: the published benchmarks; their chains of commands; a chain run to a table beside the published figures. */
import fs from 'node:fs';
import path from 'node:path';
import type { EvaluationReport } from '../../../finetune/evaluation/evaluate.js';
import { benchmarkResults, resultsMarkdown, type ResultsInput } from '../../benchmarks/results.js';
import type { PublishedResult } from '../../benchmarks/schema.js';
import { configurationError } from '../../core/errors.js';
import { makeFolder } from '../../core/make-folder.js';
import { noticesOfInputs, writeNotices } from '../../core/notices.js';
import type { CodiespScores } from '../../metrics/codiesp/score-files.js';
import { planBenchmark, type PlanOptions, type PlanStep } from '../benchmark/plan.js';
import { benchmarkNames, readBenchmark, type NamedBenchmark } from '../benchmark/read.js';
import { defineCommand, type CommandContext, type CommandResult } from '../command.js';
import { commandLine } from '../demo/steps.js';
import { execute } from '../execute.js';
import { DEFAULT_SEED } from '../run-options.js';

interface BenchmarkArgs {
  action: 'list' | 'show' | 'run';
  name?: string;
  raw?: string[];
  out?: string;
  splits?: string;
  split?: 'dev' | 'test';
  set: string[];
}

export default defineCommand<BenchmarkArgs>({
  usage: 'benchmark <action> [name]',
  describe: 'Published benchmarks of ICD coding: list them, show one\'s chain of commands, run it beside the published figures',
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['list', 'show', 'run'] as const, demandOption: true, describe: 'what to do' })
      .positional('name', { type: 'string', describe: 'a benchmark that `list` names, or a file of the same form' })
      .option('raw', { type: 'string', array: true, nargs: 1, describe: 'directory of the raw tables; several where modules lie apart' })
      .option('out', { type: 'string', describe: 'directory to write: store, data, runs, results.md and results.json' })
      .option('splits', { type: 'string', describe: 'folder with the published lists of the split' })
      .option('split', { choices: ['dev', 'test'] as const, describe: 'visits to score, by default those that the benchmark names' })
      .option('set', { type: 'string', array: true, nargs: 1, default: [] as string[], describe: 'override for every step after ingest, e.g. --set finetune.training.epochs=3' })
      .example('$0 benchmark show mimic3-50 --raw MIMIC3 --splits LISTS --out out', 'the commands that `run` would run') as never,
  async run({ action, name, ...args }, context) {
    if (action === 'list') return list();
    if (name === undefined) throw configurationError(`benchmark ${action}: name a benchmark (${benchmarkNames().join(', ')})`);
    const benchmark = readBenchmark(name);
    if (action === 'show') return show(benchmark, { ...args, seed: context.seed ?? DEFAULT_SEED });
    const { raw, out } = args;
    if (!raw?.length || out === undefined) throw configurationError(`benchmark run ${name}: --raw (${benchmark.benchmark.raw}) and --out are needed`);
    return run(benchmark, { ...args, raw, out, seed: context.seed ?? DEFAULT_SEED }, context);
  },
});

function list(): CommandResult {
  const all = benchmarkNames().map((name) => ({ name, ...readBenchmark(name).benchmark }));
  const rows = all.map(({ name, title, labels }) => [name, `${title}: ${labels}`]);
  return { text: rows.map(([name, what]) => `${name!.padEnd(Math.max(...rows.map(([other]) => other!.length)))}  ${what}`).join('\n'), json: all };
}

/** The chain with placeholders for what is not given. */
function show(named: NamedBenchmark, { raw = ['RAW'], out = 'OUT', splits, ...options }: Omit<BenchmarkArgs, 'action' | 'name'> & { seed: number }): CommandResult {
  const { benchmark } = named;
  const { steps, differs } = planBenchmark(named, { raw, out, splits: splits ?? (benchmark.splits && 'SPLITS'), ...options });
  const figuresOf = ({ figures }: PublishedResult): string => Object.entries(figures).flatMap(([dialect, own]) => Object.entries(own).map(([figure, value]) => `${dialect}.${figure} ${value}`)).join(', ');
  const text = [
    benchmark.title, `labels: ${benchmark.labels}`, `RAW: ${benchmark.raw}`,
    ...(benchmark.splits ? [`SPLITS: ${benchmark.splits.what}: ${Object.values(benchmark.splits.files).join(', ')} (${benchmark.splits.from})`] : []),
    '', ...steps.map(({ argv }) => commandLine(argv)),
    '', ...benchmark.published.map((row) => `published (percent): ${row.model}: ${figuresOf(row)} (${row.source})`),
    ...[...benchmark.differs, ...differs].map((line) => `differs: ${line}`),
  ].join('\n');
  return { text, json: { name: named.name, config: named.config, ...benchmark, commands: steps.map(({ argv }) => commandLine(argv)), differs: [...benchmark.differs, ...differs] } };
}

async function run(named: NamedBenchmark, options: PlanOptions, context: CommandContext): Promise<CommandResult> {
  const { steps, differs } = planBenchmark(named, options);
  for (const difference of differs) context.log.warn(difference);
  makeFolder(options.out);
  const done = await runSteps(steps, context);
  const settings = options.set.length ? [`Run with ${options.set.join(', ')}.`] : [];
  const results = benchmarkResults({ name: named.name, benchmark: named.benchmark, evaluated: evaluatedBy(done), differs: [...differs, ...settings] });
  writeNotices(options.out, noticesOfInputs([path.join(options.out, 'store')]));
  const markdown = resultsMarkdown(results);
  fs.writeFileSync(path.join(options.out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  fs.writeFileSync(path.join(options.out, 'results.md'), markdown);
  return { text: `${markdown}\nwritten: ${path.join(options.out, 'results.md')}`, json: results };
}

/** @returns what each command gave, by its name */
async function runSteps(steps: readonly PlanStep[], { log, device, force, signal }: CommandContext): Promise<Record<string, unknown>> {
  const done: Record<string, unknown> = {};
  for (const [i, { what, argv }] of steps.entries()) {
    log.info(`[${i + 1}/${steps.length}] ${what}\n  ${commandLine(argv)}`);
    const trains = ['mlm', 'pretrain', 'finetune'].includes(argv[0]!);
    const executed = await execute([...argv, '--device', device, ...(trains ? ['--resume'] : []), ...(force ? ['--force'] : [])], { signal, log });
    done[argv[0]!] = executed!.result.json;
  }
  return done;
}

/** The evaluation; where evidence was scored, the figures of that instead. */
function evaluatedBy(done: Record<string, unknown>): ResultsInput['evaluated'] {
  const evaluation = done['evaluate'] as EvaluationReport;
  const scores = done['score'] as CodiespScores | undefined;
  return scores ? { ...evaluation, visits: scores.gold_documents, rows: [{ name: 'model', figures: scores.dialects }] } : evaluation;
}

/** The chain of a benchmark: the very command lines a user would type, in order. */
import path from 'node:path';
import { configurationError } from '../../core/errors.js';
import type { NamedBenchmark } from './read.js';

export interface PlanOptions {
  /** Directories of the raw tables. */
  raw: readonly string[];
  out: string;
  /** Folder of the published lists. */
  splits?: string;
  /** Overrides for every step. */
  set: readonly string[];
  seed: number;
  /** Scored instead of the benchmark's own. */
  split?: 'dev' | 'test';
}

export interface PlanStep {
  what: string;
  /** The command line without the leading `medweave`. */
  argv: string[];
}

export interface BenchmarkPlan {
  /** In order; `evaluate` is among them, and of CodiEsp-X `score` is the last. */
  steps: PlanStep[];
  /** What this plan does otherwise than the benchmark says. */
  differs: string[];
}

/** Of span-level training beside the loss of the codes: the one that was measured (docs/evidence.md). */
const EVIDENCE_WEIGHT = 0.01;

/** @throws configuration error when the published lists are needed and not given */
export function planBenchmark({ name, config, benchmark }: NamedBenchmark, { raw, out, splits, set, seed, split = benchmark.evaluate_on }: PlanOptions): BenchmarkPlan {
  const at = (part: string): string => path.join(out, part);
  const [store, data, run] = [at('store'), at('data'), at('run')];
  const lists = listSettings({ name, benchmark }, splits);
  const settings = (of: readonly string[]): string[] => of.flatMap((setting) => ['--set', setting]);
  const configured = ['--config', config, ...settings(set), '--seed', String(seed)];
  // Attention is drawn to the annotated words of the training cases; the path of the store is known here only.
  const evidence = benchmark.evidence ? settings([`finetune.evidence={weight: ${EVIDENCE_WEIGHT}, store: ${JSON.stringify(store)}}`]) : [];
  const stages = benchmark.stages.map((stage, i) => ({
    what: stage === 'mlm' ? 'train the text encoder on the notes alone' : 'pre-train',
    argv: [stage, '--data', data, ...fromPrevious(benchmark.stages[i - 1], at), '--out', at(stage), ...configured],
  }));
  const steps = [
    { what: 'read the raw tables', argv: ['ingest', ...raw.flatMap((dir) => ['--raw', dir]), '--out', store, '--config', config] },
    { what: 'select codes and visits, split, tokenise', argv: ['prepare', '--store', store, '--out', data, ...configured, ...settings(lists.set)] },
    ...stages,
    { what: 'fine-tune', argv: ['finetune', 'icd-coding', '--data', data, ...fromPrevious(benchmark.stages.at(-1), at), '--out', run, ...configured, ...evidence] },
    { what: 'evaluate', argv: ['evaluate', '--run', run, '--data', data, '--split', split, ...benchmark.dialects.flatMap((dialect) => ['--dialect', dialect]), '--out', at('evaluation')] },
    ...(benchmark.evidence ? evidenceSteps({ store, data, run, predictions: at('evidence.tsv') }, raw, split) : []),
  ];
  return { steps, differs: lists.differs };
}

/** CodiEsp-X: the codes with their words, scored as the official script does. */
function evidenceSteps({ store, data, run, predictions }: Record<'store' | 'data' | 'run' | 'predictions', string>, raw: readonly string[], split: string): PlanStep[] {
  const gold = path.join(raw[0]!, split, `${split}X.tsv`);
  return [
    { what: 'find the words that are each code\'s evidence', argv: ['explain', '--run', run, '--data', data, '--store', store, '--split', split, '--out', predictions, '--force'] },
    { what: 'score codes with their evidence', argv: ['score', 'codiesp-x', '--gold', gold, '--pred', predictions] },
  ];
}

const fromPrevious = (stage: string | undefined, at: (part: string) => string): string[] => (stage === undefined ? [] : ['--from', at(stage)]);

function listSettings({ name, benchmark: { splits } }: Pick<NamedBenchmark, 'name' | 'benchmark'>, folder: string | undefined): { set: string[]; differs: string[] } {
  if (!splits) return { set: [], differs: [] };
  if (folder !== undefined) return { set: ['prepare.split.by=list', ...Object.entries(splits.files).map(([field, list]) => `prepare.split.lists.${field}=${path.join(folder, list)}`)], differs: [] };
  if (splits.without === 'stop') throw configurationError(`${name}: --splits must name the folder with ${Object.values(splits.files).join(', ')}: ${splits.what} (${splits.from})`);
  return { set: ['prepare.split.by=stratified'], differs: [`The split is drawn here by iterative stratification, with the papers' shares; it is not the published one (--splits FOLDER with ${Object.values(splits.files).join(', ')} from ${splits.from}).`] };
}

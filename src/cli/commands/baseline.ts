/** `medweave baseline`: TF-IDF and logistic regression, beside which every coder has to stand. */
import os from 'node:os';
import { trainBaseline, type BaselineReport } from '../../../finetune/baselines/train.js';
import { configurationError } from '../../core/errors.js';
import type { TrackingRequest } from '../../tracking/open-tracker.js';
import { defineCommand } from '../command.js';
import { configOptions, loadRunConfig, type ConfigArgs } from '../run-config.js';
import { alignColumns, DEFAULT_SEED, trackerOf } from '../run-options.js';
import { trackingOptions } from '../tracking-options.js';

interface BaselineArgs extends ConfigArgs, TrackingRequest {
  what: 'tfidf';
  data: string;
  store?: string;
  out: string;
  threads: number;
}

export default defineCommand<BaselineArgs>({
  usage: 'baseline <what>',
  describe: 'Train and evaluate a baseline of ICD coding from the note; `medweave predict --run` takes the run that it writes',
  builder: (yargs) =>
    trackingOptions(configOptions(yargs))
      .positional('what', { choices: ['tfidf'] as const, demandOption: true, describe: 'tfidf: words and pairs of words, one logistic regression a label' })
      .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
      .option('store', { type: 'string', describe: 'store that the data was prepared from, to read whole notes; without it, what the data\'s tokens spell' })
      .option('out', { type: 'string', demandOption: true, describe: 'run directory to write' })
      .option('threads', { type: 'number', default: os.availableParallelism(), defaultDescription: 'one a core', describe: 'results are the same for any number' })
      .example('$0 baseline tfidf --data data --store store --out baseline', '') as never,
  async run(args, { log, seed = DEFAULT_SEED, force, signal }) {
    const { data, store, out, threads } = args;
    if (!Number.isInteger(threads) || threads < 1) throw configurationError(`--threads ${threads}: expected a whole number, at least 1`);
    const { baseline, finetune, tracking } = loadRunConfig(args);
    const tracker = trackerOf(args, { tracking }, { signal, log });
    const { done, report } = await trainBaseline({ data, store, out, config: { baseline, finetune }, threads, seed, force, signal, tracker, log });
    return { text: `${tableOf(report)}\n${done ? 'written' : 'unchanged, nothing to do'}: ${out}`, json: { out, done, ...report } };
  },
});

/** In the dialect `mimic-icd-coder`, with the original's figures below. */
function tableOf({ splits, published, labels, terms }: BaselineReport): string {
  const names = Object.keys(published);
  const cells = (values: Record<string, number | null>): string[] => names.map((name) => values[name]?.toFixed(4) ?? '–');
  const rows = splits.map(({ split, visits, figures }) => [`${split}, ${visits} visits`, ...cells(figures['mimic-icd-coder']!)]);
  const header = ['', ...names.map((name) => name.replace('precision_at_', 'P@'))];
  return `${labels} labels, ${terms} terms; thresholds tuned on dev, label by label\n${alignColumns([header, ...rows, ['mimic-icd-coder, MIMIC-IV top 50 (published)', ...cells(published)]])}`;
}

/** `medweave probe ner`: annotated notes (and a run) → a run that tags mentions, and its strict F1. */
import type { NerRow } from '../../../finetune/ner/evaluation.js';
import { probeNer, type NerOutcome } from '../../../finetune/ner/run.js';
import type { NerSource } from '../../../finetune/ner/sources.js';
import { configurationError } from '../../core/errors.js';
import { defineCommand } from '../command.js';
import { interrupted } from '../interrupted.js';
import { loadRunConfig } from '../run-config.js';
import { alignColumns, DEFAULT_SEED, historyTable, runOptions, trackerOf, type RunArgs } from '../run-options.js';

interface ProbeArgs extends RunArgs {
  what: string;
  source: NerSource['name'];
  store?: string;
  raw?: string;
  testRaw?: string;
  from?: string;
}

export default defineCommand<ProbeArgs>({
  usage: 'probe <what>',
  describe: 'Train a tagger of mentions on a text encoder and report strict F1: pre-trained, from a checkpoint or from scratch',
  builder: (yargs) =>
    runOptions(
      yargs
        .positional('what', { choices: ['ner'] as const, demandOption: true, describe: 'what the words are probed for' })
        .option('source', { choices: ['codiesp', 'i2b2'] as const, demandOption: true, describe: 'whose annotations: CodiEsp\'s evidence (X), or the concepts of i2b2 2010' })
        .option('store', { type: 'string', describe: 'codiesp: the store that the data was prepared from' })
        .option('raw', { type: 'string', describe: 'i2b2: directory of the training documents (.txt and .con)' })
        .option('test-raw', { type: 'string', describe: 'i2b2: directory of the test documents' })
        .option('from', { type: 'string', describe: 'run whose text encoder is probed (mlm, pretrain or finetune); without it, from scratch or from model.text.checkpoint' })
        .example('$0 probe ner --source codiesp --store store --data data --config codiesp --out probe', ''),
    ) as never,
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { data, from, out, resume } = args;
    const config = loadRunConfig(args);
    const tracker = trackerOf(args, config, { signal, log });
    const result = await probeNer({ source: sourceOf(args), data, from, out, resume, config, seed, device, force, signal, tracker, log });
    if (!result.finished) throw interrupted(out);
    const text = result.done ? `${historyTable(result.history)}\n\n${figuresTable(result)}\nwritten: ${out}` : `unchanged, nothing to do: ${out}`;
    return { text, json: { out, done: result.done, evaluation: result.evaluation, history: result.history } };
  },
});

function sourceOf({ source, store, raw, testRaw }: ProbeArgs): NerSource {
  if (source === 'codiesp') {
    if (store === undefined) throw configurationError('--source codiesp: --store is missing; give the store that --data was prepared from, whose evidence holds the mentions');
    return { name: source, store };
  }
  if (raw === undefined) throw configurationError('--source i2b2: --raw is missing; give the directory of the .txt and .con files');
  return { name: source, raw, test: testRaw };
}

/** Strict figures in per cent, a line a row and type. */
function figuresTable({ evaluation }: NerOutcome): string {
  const linesOf = ({ split, name, figures: { micro, by_type } }: NerRow): string[][] =>
    Object.entries({ all: micro, ...by_type }).map(([type, { precision, recall, f1, gold }]) => [`${split} ${name}`, type, ...[precision, recall, f1].map((figure) => (100 * figure).toFixed(2)), String(gold)]);
  return alignColumns([['strict, %', 'type', 'precision', 'recall', 'F1', 'mentions'], ...(evaluation?.rows ?? []).flatMap(linesOf)]);
}

/** `medweave prepare`: store → data. */
import { flowTable, prepare } from '../../dataset/index.js';
import { defineCommand } from '../command.js';
import { Interrupted } from '../interrupted.js';
import { configOptions, loadRunConfig, type ConfigArgs } from '../run-config.js';

interface PrepareArgs extends ConfigArgs {
  store: string;
  out: string;
}

export default defineCommand<PrepareArgs>({
  usage: 'prepare',
  describe: 'Turn a store into a data set: cohort, split, vocabularies, tokens',
  builder: (yargs) =>
    configOptions(yargs)
      .option('store', { type: 'string', demandOption: true, describe: 'directory written by `medweave ingest`' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .example('$0 prepare --store store --config demo --set prepare.codes.min_count=5 --out data', ''),
  async run({ store, out, ...args }, { log, seed, force, signal }) {
    const seeded = seed === undefined ? args.set : [...args.set, `prepare.split.seed=${seed}`];
    const run = loadRunConfig({ ...args, set: seeded });
    const { tokenizer } = run.prepare;
    // Data is made for the text encoder that will read it.
    const prepared = { ...run.prepare, tokenizer: { ...tokenizer, from: tokenizer.from ?? run.model.text.checkpoint } };
    const result = await prepare({ store, out, config: prepared, log, signal, force }).catch((error: unknown) => {
      throw signal.aborted ? new Interrupted(`interrupted; nothing was written to ${out}`) : error;
    });
    const { split_id, totals, vocabularies } = result.manifest;
    const sizes = Object.entries(vocabularies as Record<string, number>).map(([kind, size]) => `${size} ${kind.replace('_', ' ')}`);
    const text = `${flowTable(result.flow)}\n\n${result.done ? 'written' : 'unchanged, nothing to do'}: ${out} (split ${split_id}; vocabulary ${sizes.join(', ')})`;
    return { text, json: { out, done: result.done, split_id, totals, vocabularies, flow: result.flow } };
  },
});

/** `medweave pretrain`: data → a run with the encoder's weights. */
import { pretrain } from '../../../pretrain/run.js';
import { defineCommand } from '../command.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED, historyTable, runOptions, trackerOf, type RunArgs } from '../run-options.js';
import { interrupted } from '../interrupted.js';

export default defineCommand<RunArgs & { from?: string }>({
  usage: 'pretrain',
  describe: 'Pre-train text and code encoders by text-to-code and code-to-code prediction',
  builder: (yargs) => runOptions(yargs).option('from', { type: 'string', describe: 'run of `medweave mlm` to start the text encoder from' })
      .example('$0 pretrain --data data --config demo --out pretrained', '') as never,
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { data, from, out, resume } = args;
    const config = loadRunConfig(args);
    const tracker = trackerOf(args, config, { signal, log });
    const result = await pretrain({ data, from, out, resume, config, seed, device, force, signal, tracker, log });
    if (!result.finished) throw interrupted(out);
    const text = result.done ? `${historyTable(result.history)}\nwritten: ${out}` : `unchanged, nothing to do: ${out}`;
    return { text, json: { out, done: result.done, best: result.best, history: result.history } };
  },
});

/** `medweave pretrain`: data → a run with the encoder's weights. */
import { pretrain } from '../../../pretrain/run.js';
import { defineCommand } from '../command.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED, historyTable, runOptions, type RunArgs } from '../run-options.js';
import { interrupted } from '../interrupted.js';

export default defineCommand<RunArgs>({
  usage: 'pretrain',
  describe: 'Pre-train text and code encoders by text-to-code and code-to-code prediction',
  builder: runOptions,
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { model, pretrain: config } = loadRunConfig(args);
    const { data, out, resume } = args;
    const result = await pretrain({ data, out, resume, config: { model, pretrain: config }, seed, device, force, signal, log });
    if (!result.finished) throw interrupted(out);
    const text = result.done ? `${historyTable(result.history)}\nwritten: ${out}` : `unchanged, nothing to do: ${out}`;
    return { text, json: { out, done: result.done, best: result.best, history: result.history } };
  },
});

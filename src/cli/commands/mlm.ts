/** `medweave mlm`: data → a run with a text encoder trained on the notes alone. */
import { modelLanguage } from '../../../pretrain/mlm/run.js';
import type { StageResult } from '../../training/run-stage.js';
import { defineCommand } from '../command.js';
import { interrupted } from '../interrupted.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED, historyTable, runOptions, trackerOf, type RunArgs } from '../run-options.js';

export default defineCommand<RunArgs>({
  usage: 'mlm',
  describe: 'Train the text encoder on notes alone, with or without codes, by masked-language modelling; `pretrain` and `finetune` start from it',
  builder: (yargs) => runOptions(yargs).example('$0 mlm --data data --config demo --out language', ''),
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { data, out, resume } = args;
    const config = loadRunConfig(args);
    const tracker = trackerOf(args, config, { signal, log });
    const result = await modelLanguage({ data, out, resume, config, seed, device, force, signal, tracker, log });
    if (!result.finished) throw interrupted(out);
    const perplexity = perplexityOf(result);
    const text = result.done ? `${historyTable(result.history)}\nbest perplexity on dev: ${perplexity?.toFixed(2)}\nwritten: ${out}` : `unchanged, nothing to do: ${out}`;
    return { text, json: { out, done: result.done, best: result.best, dev_perplexity: perplexity, history: result.history } };
  },
});

/** e to the cross-entropy of a masked token. */
const perplexityOf = ({ best }: StageResult): number | undefined => best && Math.exp(-best.score);

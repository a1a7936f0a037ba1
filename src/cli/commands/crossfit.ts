/** `medweave crossfit`: predictions for training visits by models that have not seen them. */
import { crossFit } from '../../../finetune/cross-fit.js';
import { defineCommand } from '../command.js';
import { interrupted } from '../interrupted.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED, runOptions, trackerOf, type RunArgs } from '../run-options.js';

interface CrossFitArgs extends RunArgs {
  from?: string;
  folds: number;
  top: number;
}

export default defineCommand<CrossFitArgs>({
  usage: 'crossfit',
  describe: 'Fine-tune an ICD coder a fold of the training patients, and predict for each visit by models that were trained without it',
  builder: (yargs) =>
    runOptions(
      yargs
        .option('from', { type: 'string', describe: 'run of `medweave mlm`; one of `pretrain` has read the codes and is refused' })
        .option('folds', { type: 'number', default: 3, describe: 'parts of the training patients; one run each' })
        .option('top', { type: 'number', default: 200, describe: 'most codes written for a visit' })
        .example('$0 crossfit --data data --config codiesp --out cross', ''),
    ),
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { data, from, out, resume, folds, top } = args;
    const config = loadRunConfig(args);
    const tracker = trackerOf(args, config, { signal, log });
    const result = await crossFit({ data, from, out, resume, folds, top, config, seed, device, force, signal, tracker, log });
    if (!result.finished) throw interrupted(out);
    return { text: `predictions for ${result.visits} visits written to ${result.file}`, json: result };
  },
});

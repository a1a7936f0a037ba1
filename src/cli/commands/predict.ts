/** `medweave predict`: ranked codes for the visits of a split. */
import { predict } from '../../../finetune/evaluation/predict.js';
import { defineCommand } from '../command.js';

interface PredictArgs {
  run: string;
  data: string;
  store?: string;
  split: 'train' | 'dev' | 'test';
  out: string;
  top: number;
  thresholded: boolean;
  int8: boolean;
}

export default defineCommand<PredictArgs>({
  usage: 'predict',
  describe: 'Write ranked codes for the visits of a split (.tsv as CodiEsp, .jsonl or .csv)',
  builder: (yargs) =>
    yargs
      .option('run', { type: 'string', demandOption: true, describe: 'run directory of `medweave finetune` or `medweave baseline`' })
      .option('store', { type: 'string', describe: 'of a baseline that was trained on whole notes: the store that has them' })
      .option('data', { type: 'string', demandOption: true, describe: 'directory written by `medweave prepare`' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, default: 'test' as const, describe: 'visits to predict' })
      .option('out', { type: 'string', demandOption: true, describe: 'file to write' })
      .option('top', { type: 'number', default: 1000, describe: 'most codes a visit' })
      .option('thresholded', { type: 'boolean', default: false, describe: 'only codes above the threshold (of a baseline: the thresholds) tuned on dev' })
      .option('int8', { type: 'boolean', default: false, describe: 'compute linear layers in 8-bit integers; `evaluate --int8` says what that costs' }),
  async run(args, { log, device, force, signal }) {
    const { visits, codes } = await predict({ ...args, device, force, signal, log });
    return { text: `${codes} codes for ${visits} visits written to ${args.out}`, json: { out: args.out, visits, codes } };
  },
});

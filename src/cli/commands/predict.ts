/** `medweave predict`: ranked codes for the visits of a split, or for new records. */
import { predict } from '../../../finetune/evaluation/predict.js';
import { predictRecords } from '../../../finetune/predictor/index.js';
import { configurationError } from '../../core/errors.js';
import { openDevice } from '../../engine/index.js';
import type { CommandContext, CommandResult } from '../command.js';
import { defineCommand } from '../command.js';

interface PredictArgs {
  run: string;
  data?: string;
  records?: string;
  store?: string;
  split?: 'train' | 'dev' | 'test';
  out: string;
  top: number;
  thresholded: boolean;
  int8: boolean;
}

export default defineCommand<PredictArgs>({
  usage: 'predict',
  describe: 'Write ranked codes for the visits of a split, or for new records (.tsv as CodiEsp, .jsonl, .csv or .parquet)',
  builder: (yargs) =>
    yargs
      .option('run', { type: 'string', demandOption: true, describe: 'run directory of `medweave finetune` or `medweave baseline`; with --records also of `medweave coder`' })
      .option('store', { type: 'string', describe: 'of a baseline that was trained on whole notes: the store that has them' })
      .option('data', { type: 'string', describe: 'directory written by `medweave prepare`: visits of a split' })
      .option('split', { choices: ['train', 'dev', 'test'] as const, describe: 'with --data: visits to predict; test by default' })
      .option('records', { type: 'string', describe: 'or new records: a .jsonl file with {"id", "text", "codes": ["atc:C10AA05"]} a line, or a folder of .txt files' })
      .option('out', { type: 'string', demandOption: true, describe: 'file to write' })
      .option('top', { type: 'number', default: 1000, describe: 'most codes a visit' })
      .option('thresholded', { type: 'boolean', default: false, describe: 'only codes above the threshold (of a baseline: the thresholds) tuned on dev' })
      .option('int8', { type: 'boolean', default: false, describe: 'compute linear layers in 8-bit integers; `evaluate --int8` says what that costs' })
      .conflicts('records', ['data', 'split', 'store'])
      .example('$0 predict --run RUN --data DATA --split test --out codes.parquet', '')
      .example('$0 predict --run RUN --records new.jsonl --thresholded --out codes.csv', '') as never,
  async run({ records, data, split = 'test', ...args }, context) {
    if (records !== undefined) return forRecords({ ...args, records }, context);
    if (data === undefined) throw configurationError('predict: --data DATA or --records FILE is missing: there is nothing to predict for');
    const { log, device, force, signal } = context;
    const { visits, codes } = await predict({ ...args, data, split, device, force, signal, log });
    return { text: `${codes} codes for ${visits} visits written to ${args.out}`, json: { out: args.out, visits, codes } };
  },
});

async function forRecords(args: PredictArgs & { records: string }, { log, device, force, signal }: CommandContext): Promise<CommandResult> {
  const done = await predictRecords({ ...args, device: await openDevice(device, log), force, signal, log });
  const { records, codes, truncated, unknownCodes } = done;
  const unread = [truncated && `${truncated} texts are longer than what the model reads`, unknownCodes && `${unknownCodes} given codes are unknown to it or of a kind that it does not read`].filter(Boolean);
  return { text: [`${codes} codes for ${records} records written to ${args.out}`, ...unread].join('\n'), json: { out: args.out, ...done } };
}

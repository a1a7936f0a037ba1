/** `medweave bench step`: the speed of a compiled training step against the bare matrix products in it. */
import { configurationError } from '../../core/errors.js';
import { benchStep, type StepBench } from '../../bench/step.js';
import { openDevice, threadCount } from '../../engine/index.js';
import { defineCommand } from '../command.js';
import { Interrupted } from '../interrupted.js';
import { alignColumns, DEFAULT_SEED } from '../run-options.js';

interface BenchArgs {
  what: string;
  width: number;
  layers: number;
  heads?: number;
  batch: number;
  tokens: number;
  dropout: number;
  repeats: number;
}

const HEAD_WIDTH = 64;
const LABELS = 50;

export default defineCommand<BenchArgs>({
  usage: 'bench <what>',
  describe: 'measure the speed of a training step',
  builder: (yargs) =>
    yargs
      .positional('what', { type: 'string', choices: ['step'], demandOption: true, describe: 'step: a BERT training step against its bare matrix products' })
      .option('width', { type: 'number', default: 768, describe: 'model width' })
      .option('layers', { type: 'number', default: 2, describe: 'Transformer layers' })
      .option('heads', { type: 'number', describe: `attention heads (default: width / ${HEAD_WIDTH})` })
      .option('batch', { type: 'number', default: 8, describe: 'visits in a batch' })
      .option('tokens', { type: 'number', default: 128, describe: 'tokens of a visit' })
      .option('dropout', { type: 'number', default: 0.1, describe: 'dropout probability' })
      .option('repeats', { type: 'number', default: 9, describe: 'timed rounds' }) as never,
  async run({ width, layers, batch, tokens, dropout, repeats, ...args }, { device: name, seed = DEFAULT_SEED, log, signal }) {
    const heads = args.heads ?? Math.max(1, Math.round(width / HEAD_WIDTH));
    for (const [option, value] of Object.entries({ width, layers, heads, batch, tokens, repeats })) {
      if (!Number.isInteger(value) || value < 1) throw configurationError(`--${option} ${value}: expected a whole number, at least 1`);
    }
    if (width % heads) throw configurationError(`--width ${width}: not a multiple of the number of heads, ${heads}`);
    const device = await openDevice(name, log);
    const options = { device, width, layers, heads, batch, tokens, labels: LABELS, dropout, repeats, seed, threads: threadCount(), signal };
    const result = await benchStep(options).catch((error: unknown) => {
      throw signal.aborted ? new Interrupted('interrupted; nothing was measured') : error;
    });
    return { text: describe(result), json: result };
  },
});

function describe(result: StepBench): string {
  const { step, step_without_dropout: plain, bare } = result;
  const row = (name: string, { ms, gflops_per_second: rate }: StepBench['step'], ratio: number): string[] => [name, ms.toFixed(1), rate.toFixed(1), ratio.toFixed(3)];
  const table = alignColumns([
    ['', 'ms', 'GFLOP/s', 'of bare'],
    row('training step', step, result.ratio),
    row('without dropout', plain, result.ratio_without_dropout),
    row('bare products', bare, 1),
  ]);
  return `${result.device}; ${result.gflop.toFixed(1)} GFLOP a step\n${table}\npeak memory ${result.peak_memory_mib} MiB, load average ${result.load_average.map((x) => x.toFixed(1)).join(' ')}`;
}

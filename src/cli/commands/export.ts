/** `medweave export model | text-encoder`: what a run has learnt, for other programs. */
import { exportModel } from '../../../finetune/export/index.js';
import { configurationError } from '../../core/errors.js';
import { openDevice } from '../../engine/index.js';
import { exportTextEncoder } from '../../training/export-text-encoder.js';
import { defineCommand, type CommandContext, type CommandResult } from '../command.js';

const kinds = ['model', 'text-encoder'] as const;

interface ExportArgs {
  what: (typeof kinds)[number];
  run: string;
  out: string;
  withAttention?: boolean;
  shape?: string;
}

export default defineCommand<ExportArgs>({
  usage: 'export <what>',
  describe: 'Write a fine-tuned run as an ONNX model, or the text encoder of a run in Hugging Face format',
  builder: (yargs) =>
    yargs
      .positional('what', { choices: kinds, demandOption: true, describe: 'model: an ONNX model with all that it takes to predict from raw text; text-encoder: a folder that Python\'s transformers loads' })
      .option('run', { type: 'string', demandOption: true, describe: 'run of `medweave finetune`; for text-encoder also of `mlm` or `pretrain`' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' })
      .option('with-attention', { type: 'boolean', describe: 'model: also where labels look in the text' })
      .option('shape', { type: 'string', describe: 'model: axes that get one extent for ever, e.g. batch=1,tokens=512; all are open by default' }) as never,
  run: (args, context) => exporters[args.what](args, context),
});

const exporters: Record<ExportArgs['what'], (args: ExportArgs, context: CommandContext) => Promise<CommandResult>> = {
  'text-encoder': async ({ run, out, withAttention, shape }, { force }) => {
    if (withAttention !== undefined || shape !== undefined) throw configurationError('--with-attention and --shape are for `medweave export model`; leave them out');
    const { done } = await exportTextEncoder({ run, out, force });
    return { text: done ? `written: ${out}\nin Python: AutoModel.from_pretrained('${out}'), AutoTokenizer.from_pretrained('${out}')` : unchanged(out), json: { out, done } };
  },
  model: async ({ run, out, withAttention = false, shape }, { force, log }) => {
    // Compared on the processor, where sums are exact enough for that.
    const exported = await exportModel({ run, out, attention: withAttention, fixed: parseShape(shape), device: await openDevice('cpu', log), force });
    return { text: exported.done ? writtenModel(out, exported) : unchanged(out), json: { out, ...exported } };
  },
};

const unchanged = (out: string): string => `unchanged, nothing to do: ${out}`;

const writtenModel = (out: string, { files, bytes, difference }: { files: string[]; bytes: number; difference: number }): string =>
  `written: ${out} (${files.join(' and ')}, ${(bytes / 2 ** 20).toFixed(1)} MiB; the framework's outputs to within ${difference.toExponential(1)})\nin Python: pip install onnxruntime tokenizers numpy && python ${out}/predict.py records.jsonl`;

/** `axis=extent,axis=extent` */
function parseShape(shape: string | undefined): Record<string, number> {
  if (shape === undefined) return {};
  const axes = shape.split(',').map((part) => {
    const [, axis, extent] = /^\s*([a-z_]+)=(\d+)\s*$/.exec(part) ?? [];
    if (axis === undefined) throw configurationError(`--shape ${shape}: expected axis=extent, several with commas, e.g. batch=1,tokens=512`);
    return [axis, Number(extent)];
  });
  return Object.fromEntries(axes) as Record<string, number>;
}

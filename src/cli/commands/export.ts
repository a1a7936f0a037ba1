/** `medweave export text-encoder`: the text encoder of a run in Hugging Face format. */
import { exportTextEncoder } from '../../training/export-text-encoder.js';
import { defineCommand } from '../command.js';

interface ExportArgs {
  what: string;
  run: string;
  out: string;
}

export default defineCommand<ExportArgs>({
  usage: 'export <what>',
  describe: 'write the text encoder of a run in Hugging Face format',
  builder: (yargs) =>
    yargs
      .positional('what', { choices: ['text-encoder'] as const, demandOption: true, describe: 'text-encoder: a folder that Python\'s transformers loads' })
      .option('run', { type: 'string', demandOption: true, describe: 'run of `medweave mlm`, `pretrain` or `finetune`' })
      .option('out', { type: 'string', demandOption: true, describe: 'directory to write' }) as never,
  async run({ run, out }, { force }) {
    const { done } = await exportTextEncoder({ run, out, force });
    return { text: done ? `written: ${out}\nin Python: AutoModel.from_pretrained('${out}'), AutoTokenizer.from_pretrained('${out}')` : `unchanged, nothing to do: ${out}`, json: { out, done } };
  },
});

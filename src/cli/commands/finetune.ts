/** `medweave finetune`: data (and a pre-trained run) → a run for a task. */
import { finetune } from '../../../finetune/run.js';
import { taskNames, type TaskName } from '../../../finetune/tasks/index.js';
import { defineCommand } from '../command.js';
import { interrupted } from '../interrupted.js';
import { loadRunConfig } from '../run-config.js';
import { DEFAULT_SEED, historyTable, runOptions, trackerOf, type RunArgs } from '../run-options.js';

interface FinetuneArgs extends RunArgs {
  task: TaskName;
  from?: string;
}

export default defineCommand<FinetuneArgs>({
  usage: 'finetune <task>',
  describe: 'Fine-tune for a task, from a pre-trained run or from scratch',
  builder: (yargs) =>
    runOptions(
      yargs
        .positional('task', { choices: taskNames, demandOption: true, describe: 'what to predict' })
        .option('from', { type: 'string', describe: 'run of `medweave pretrain` (or `mlm`); without it, from scratch or from model.text.checkpoint' })
        .example('$0 finetune icd-coding --data data --from pretrained --config demo --out run', '')
        .example('$0 finetune readmission --data data --out run --resume', 'goes on with a run that was interrupted'),
    ),
  async run(args, { log, seed = DEFAULT_SEED, device, force, signal }) {
    const { task, data, from, out, resume } = args;
    const config = loadRunConfig(args);
    const tracker = trackerOf(args, config, { signal, log });
    const result = await finetune({ task, data, from, out, resume, config, seed, device, force, signal, tracker, log });
    if (!result.finished) throw interrupted(out);
    const text = result.done ? `${historyTable(result.history)}\nwritten: ${out}` : `unchanged, nothing to do: ${out}`;
    return { text, json: { out, done: result.done, dev: result.dev, history: result.history } };
  },
});

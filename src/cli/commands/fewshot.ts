/** `medweave fewshot`: what pre-training is worth with little data: a comparison of one task over shares of it, or over k examples. */
import path from 'node:path';
import { taskNames, type TaskName } from '../../compare/tasks.js';
import { configurationError } from '../../core/errors.js';
import { expectArtifact } from '../../core/artifact.js';
import { defineCommand } from '../command.js';
import { EHRSHOT, fewShotGrid } from '../compare/fewshot-grid.js';
import { checkCounts, comparisonOptions, numbers, type ComparisonArgs } from '../compare/options.js';
import { runGrid } from '../compare/run-grid.js';

interface FewShotArgs extends ComparisonArgs {
  task: TaskName;
  data: string;
  from: string;
  shots?: string;
  fractions?: string;
}

const FRACTIONS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] as const;
const REPLICATES = 5;

export default defineCommand<FewShotArgs>({
  usage: 'fewshot <task>',
  describe: 'A pre-trained run against the same model from scratch and the references, over few examples; replicates, paired bootstrap. Repeat the command to continue',
  builder: (yargs) =>
    comparisonOptions(
      yargs
        .positional('task', { choices: taskNames, demandOption: true, describe: 'what to predict' })
        .option('from', { type: 'string', demandOption: true, describe: 'run of `medweave pretrain`' })
        .option('shots', { type: 'string', describe: `readmission: k positives and k negatives, e.g. 8,64; all: EHRSHOT's ${EHRSHOT.join(', ')}` })
        .option('fractions', { type: 'string', describe: `shares of the training patients (default ${FRACTIONS.join(',')}; with --shots, 1)` })
        .example('$0 fewshot readmission --data data --from pretrained --shots 8,64 --out fewshot', ''),
    ).demandOption('data') as never,
  async run(args, context) {
    checkCounts(args);
    const { task, from, out, data, store, ceiling, jobs, keepWeights, seeds = REPLICATES } = args;
    if (args.shots !== undefined && task !== 'readmission') throw configurationError(`--shots: a task of many labels has no positives and negatives to count; use --fractions for ${task}`);
    expectArtifact(from, 'pretrain', 'mlm');
    const shots = args.shots === 'all' ? EHRSHOT : (numbers('--shots', args.shots) ?? []);
    const fractions = numbers('--fractions', args.fractions) ?? (shots.length ? [1] : FRACTIONS);
    const grid = fewShotGrid({ task, config: args.config ?? path.join(from, 'config.yaml'), from, fractions, shots, replicates: seeds });
    return runGrid(grid, { out, data, store, ceiling, jobs, keepWeights }, context);
  },
});

/** `medweave compare`: a grid of models × tasks × seeds × shares of the data, resumable, as the paper's Table III and Figure 3. */
import fs from 'node:fs';
import path from 'node:path';
import type { Argv } from 'yargs';
import { readGrid, type Grid } from '../../compare/grid.js';
import { select } from '../../compare/selection.js';
import { configurationError } from '../../core/errors.js';
import { packageFile } from '../../core/paths.js';
import { defineCommand, type CommandContext } from '../command.js';
import { checkCounts, comparisonOptions, list, numbers, type ComparisonArgs } from '../compare/options.js';
import { protocolGrid, skippedSwitches } from '../compare/protocol-grid.js';
import { runGrid } from '../compare/run-grid.js';
import { makeSyntheticData } from '../compare/synthetic-data.js';

interface CompareArgs extends ComparisonArgs {
  what?: 'protocols';
  preset?: string;
  grid?: string;
  patients: number;
  models?: string;
  tasks?: string;
  fractions?: string;
}

const presets = (): string[] => fs.readdirSync(packageFile('configs', 'compare')).filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml')).sort();

export default defineCommand<CompareArgs>({
  usage: 'compare [what]',
  describe: 'Run a grid of models, tasks, seeds and shares of the data; write Table III, Figure 3 and what is significant. Repeat the command to continue',
  builder: (yargs) =>
    comparisonOptions(
      yargs
        .positional('what', { choices: ['protocols'] as const, describe: 'protocols: what each correction changes on the same data' })
        .option('preset', { choices: presets(), describe: 'grid in configs/compare/' })
        .option('grid', { type: 'string', describe: 'grid of your own (YAML, see docs/compare.md)' })
        .conflicts('preset', 'grid')
        .option('patients', { type: 'number', default: 4000, describe: 'without --data: synthetic patients' })
        .option('models', { type: 'string', describe: 'only these models of the grid, separated by commas' })
        .option('tasks', { type: 'string', describe: 'only these tasks' })
        .option('fractions', { type: 'string', describe: 'only these shares of the training patients, e.g. 0.1,1' })
        .example('$0 compare --preset table3 --data data --seeds 3 --out table3', '')
        .example('$0 compare protocols --data data --store store --out protocols', ''),
    ) as unknown as Argv<CompareArgs>,
  async run(args, context) {
    checkCounts(args);
    const grid = chooseGrid(args);
    const { out, jobs, keepWeights } = args;
    const skipped = args.what === 'protocols' ? skippedSwitches(hasStore(args)) : [];
    if (skipped.length) context.log.warn(`left out, because they change how data is prepared: ${skipped.join(', ')}; name the store by --store`);
    return runGrid(grid, { out, jobs, keepWeights, ...(await dataOf(args, grid, context)) }, context);
  },
});

function chooseGrid(args: CompareArgs): Grid {
  const { what, preset, grid: file } = args;
  if (what === 'protocols' ? preset !== undefined || file !== undefined : preset === undefined && file === undefined) {
    throw configurationError(what === 'protocols' ? 'compare protocols makes its own grid: leave out --preset and --grid' : 'compare: name a grid by --preset or --grid');
  }
  const whole = what === 'protocols' ? protocolGrid({ config: args.config, store: hasStore(args) }) : readGrid(file ?? packageFile('configs', 'compare', `${preset}.yaml`));
  const grid = select(whole, { models: list(args.models), tasks: list(args.tasks), fractions: numbers('--fractions', args.fractions), seeds: args.seeds });
  return args.config === undefined ? grid : { ...grid, config: args.config };
}

/** Synthetic data comes with one. */
const hasStore = ({ store, data }: CompareArgs): boolean => store !== undefined || data === undefined;

async function dataOf({ data, store, ceiling, out, patients }: CompareArgs, { config }: Grid, context: CommandContext) {
  if (data !== undefined) return { data, store, ceiling };
  return makeSyntheticData({ out, patients, config }, context);
}

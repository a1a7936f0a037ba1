/** A grid becomes jobs: data sets, pre-trainings, and a cell for each model, task, share and seed — the command lines a user would type. */
import path from 'node:path';
import { sha256, canonicalJson } from '../core/artifact.js';
import { configurationError } from '../core/errors.js';
import { slug, type Grid, type GridModel, type Settings, type Variation } from './grid.js';
import type { Job } from './job.js';
import { sharesOf, tasksOf } from './selection.js';
import { isWhole, shareKey, shareSettings, type Share } from './share.js';
import type { TaskName } from './tasks.js';

export interface PlanOptions {
  out: string;
  /** Of the grid's own data set. */
  data: string;
  /** Where other data sets are prepared from. */
  store?: string;
  /** Directory of `medweave synth`. */
  ceiling?: string;
  device: string;
  /** Keep the weights of scored models. */
  keepWeights: boolean;
  version: string;
  /** What a command reads of the configuration, with switches and settings applied, which are checked here. */
  resolve: (command: Command, variation: Variation) => unknown;
  /** Identifies what an input path holds. */
  fingerprint: (input: string) => string;
}

export type Command = 'prepare' | 'mlm' | 'pretrain' | 'finetune';

/** A scored model: one place in the results. */
export interface Cell {
  model: GridModel;
  task: TaskName;
  share: Share;
  seed: number;
  /** Its evaluation also holds the references and the ceiling. */
  references: boolean;
  evaluation: string;
  job: Job;
}

export interface Plan {
  jobs: Job[];
  cells: Cell[];
}

/** @throws configuration error for settings that the configuration's schema refuses, or a data set without a store */
export function planGrid(grid: Grid, options: PlanOptions): Plan {
  const datasets = new Map(usedDatasets(grid).map((name) => [name, datasetJob(name, grid, options)]));
  const pretrainings = new Map<string, Job>();
  for (const seed of usedPretrainSeeds(grid)) for (const { from } of grid.models) if (from !== undefined) addPretraining(from, seed, { grid, options, datasets, pretrainings });
  const cells = grid.seeds.flatMap((seed) => tasksOf(grid).flatMap((task) => grid.models.flatMap((model) =>
    model.only && !model.only.includes(task) ? [] : sharesOf(grid, model).map((share) => cellOf({ model, task, share, seed }, { grid, options, datasets, pretrainings })))));
  return { jobs: [...datasets.values(), ...pretrainings.values(), ...cells.map(({ job }) => job)], cells };
}

interface Planning {
  grid: Grid;
  options: PlanOptions;
  datasets: ReadonlyMap<string, Job>;
  /** By name and seed. */
  pretrainings: Map<string, Job>;
}

const usedDatasets = ({ models, pretrainings }: Grid): string[] => {
  const named = [...models, ...Object.values(pretrainings).filter((one) => 'stage' in one)].flatMap(({ dataset }) => dataset ?? []);
  return [...new Set(named)];
};

const usedPretrainSeeds = ({ seeds, pretrain_seeds }: Grid): number[] => pretrain_seeds.slice(0, seeds.length);

function datasetJob(name: string, { config, datasets }: Grid, options: PlanOptions): Job {
  const { store, out, version } = options;
  if (store === undefined) throw configurationError(`data set ${name}: is prepared from a store; name it with --store`);
  const dir = path.join(out, 'datasets', slug(name));
  const result = path.join(dir, 'data');
  return {
    name: `data set ${name}`,
    dir,
    commands: [['prepare', '--store', store, '--out', result, '--config', config, ...variationWords(datasets[name]!)]],
    result,
    request: { version, command: 'prepare', config: options.resolve('prepare', datasets[name]!), store: options.fingerprint(store) },
    needs: [],
    disposable: [],
  };
}

/** Adds a pre-training, and those it starts from, unless they are there. @returns its job, or the path of a run that exists */
function addPretraining(name: string, seed: number, planning: Planning): Job | string {
  const { grid, options, datasets, pretrainings } = planning;
  const pretraining = grid.pretrainings[name]!;
  if ('run' in pretraining) return pretraining.run;
  const key = `${name} ${seed}`;
  const there = pretrainings.get(key);
  if (there) return there;
  const { stage, from } = pretraining;
  const start = from === undefined ? undefined : addPretraining(from, seed, planning);
  const data = dataOf(pretraining.dataset, options, datasets);
  const dir = path.join(options.out, 'pretraining', slug(name), String(seed));
  const result = path.join(dir, 'run');
  const job: Job = {
    name: `pre-training ${name}, seed ${seed}`,
    dir,
    commands: [[stage, '--data', data.path, ...startWords(start), '--out', result, ...common(grid, options, pretraining, seed), '--resume']],
    result,
    request: { version: options.version, command: stage, config: options.resolve(stage, pretraining), data: data.identity, from: identityOf(start, options), seed },
    needs: [...data.needs, ...(typeof start === 'object' ? [start.name] : [])],
    disposable: [],
  };
  pretrainings.set(key, job);
  return job;
}

function cellOf({ model, task, share, seed }: Pick<Cell, 'model' | 'task' | 'share' | 'seed'>, planning: Planning): Cell {
  const { grid, options, datasets } = planning;
  const dir = path.join(options.out, 'cells', slug(model.name), task, shareKey(share), String(seed));
  const [run, evaluation] = [path.join(dir, 'run'), path.join(dir, 'evaluation')];
  const start = model.from === undefined ? undefined : addPretraining(model.from, pretrainSeed(grid, seed), planning);
  const data = dataOf(model.dataset, options, datasets);
  const variation = { set: cellSettings(grid, model, task, share), switch: model.switch };
  const references = hasReferences(grid, model, share, seed);
  const ceiling = references ? options.ceiling : undefined;
  const scoring = ['--split', grid.split, '--save-scores', ...(references && grid.references?.rows.length ? [] : ['--no-references']), ...(ceiling === undefined ? [] : ['--ceiling', ceiling])];
  const job: Job = {
    name: `${model.name}, ${task}, ${shareKey(share)}, seed ${seed}`,
    dir,
    commands: [
      ['finetune', task, '--data', data.path, ...startWords(start), '--out', run, ...common(grid, options, variation, seed), '--resume'],
      ['evaluate', '--run', run, '--data', data.path, '--out', evaluation, '--device', options.device, ...scoring],
    ],
    result: evaluation,
    request: {
      version: options.version, command: 'finetune', task, config: options.resolve('finetune', variation), data: data.identity, from: identityOf(start, options), seed,
      evaluate: { split: grid.split, references, ceiling: ceiling === undefined ? null : options.fingerprint(ceiling) },
    },
    needs: [...data.needs, ...(typeof start === 'object' ? [start.name] : [])],
    disposable: options.keepWeights ? [] : [path.join(run, 'model.safetensors')],
  };
  return { model, task, share, seed, references, evaluation, job };
}

/** Later ones win: the task's, the share's, the model's inputs, the model's own, the model's for this task. */
function cellSettings({ tasks, inputs }: Grid, model: GridModel, task: TaskName, share: Share): Settings {
  const read = model.inputs === undefined ? undefined : inputs[model.inputs]![task];
  return { ...tasks[task], ...shareSettings(share), ...(read && { 'finetune.inputs': read }), ...model.set, ...model.tasks[task] };
}

/** On all data, what does not train by chance is the same for every seed: fitted once. */
function hasReferences(grid: Grid, { name }: GridModel, share: Share, seed: number): boolean {
  if (isWhole(share) && seed !== grid.seeds[0]) return false;
  const able = grid.models.filter((model) => sharesOf(grid, model).some((one) => shareKey(one) === shareKey(share)));
  return name === (able.find((model) => model.name === grid.references?.beside) ?? able[0])!.name;
}

const pretrainSeed = ({ seeds, pretrain_seeds }: Grid, seed: number): number => pretrain_seeds[seeds.indexOf(seed) % pretrain_seeds.length]!;

function dataOf(name: string | undefined, { data, fingerprint }: PlanOptions, datasets: ReadonlyMap<string, Job>): { path: string; needs: string[]; identity: string } {
  if (name === undefined) return { path: data, needs: [], identity: fingerprint(data) };
  const job = datasets.get(name)!;
  return { path: job.result, needs: [job.name], identity: hashOf(job) };
}

const hashOf = ({ request }: Job): string => sha256(canonicalJson(request));

const identityOf = (start: Job | string | undefined, { fingerprint }: PlanOptions): string | null =>
  start === undefined ? null : typeof start === 'string' ? fingerprint(start) : hashOf(start);

const startWords = (start: Job | string | undefined): string[] => (start === undefined ? [] : ['--from', typeof start === 'string' ? start : start.result]);

/** JSON is YAML, which is what `--set` reads. */
const variationWords = ({ set, switch: switches }: Variation): string[] => [
  ...Object.entries(switches).flatMap(([name, variant]) => ['--switch', `${name}=${variant}`]),
  ...assignments(set).flatMap((assignment) => ['--set', assignment]),
];

export const assignments = (set: Settings): string[] => Object.entries(set).map(([name, value]) => `${name}=${JSON.stringify(value)}`);

const common = ({ config }: Grid, { device }: PlanOptions, variation: Variation, seed: number): string[] => ['--config', config, ...variationWords(variation), '--seed', String(seed), '--device', device];

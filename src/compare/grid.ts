/** The grid of a comparison: which models, tasks, seeds and shares of the data, and what is claimed of them; a YAML file. */
import { z } from 'zod';
import { parseConfig, readYaml } from '../core/config.js';
import { taskNames } from './tasks.js';

/** Configuration path → value, as `--set path=value` takes them. */
const settings = z.record(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, 'expected a path such as finetune.training.epochs'), z.unknown());
export type Settings = z.output<typeof settings>;

/** How something departs from the base configuration: settings, and switches of configs/protocols.yaml (`--switch name=variant`). */
const variation = {
  /** Configuration path → value. */
  set: settings.prefault({}),
  /** Switch of configs/protocols.yaml → variant. */
  switch: z.record(z.string(), z.string()).prefault({}),
};

export interface Variation {
  set: Settings;
  switch: Record<string, string>;
}

const taskName = z.enum(taskNames);
const fraction = z.number().gt(0).max(1);
const shots = z.int().positive();
const inputName = z.enum(['text', 'dx', 'rx', 'px']);

/** One run before fine-tuning: a stage made here (after another one, if `from` names it), or a run that is there already. */
const pretrainingSchema = z.union([
  z.strictObject({
    /** The command that makes it. */
    stage: z.enum(['mlm', 'pretrain']),
    /** Another pre-training that it starts from. */
    from: z.string().optional(),
    ...variation,
    /** One of `datasets`; without it, the data of `--data`. */
    dataset: z.string().optional(),
  }),
  z.strictObject({
    /** A run that is there already. */
    run: z.string(),
  }),
]);

/** Models that stand together in the tables, in the order in which groups first appear; claims name them. */
const group = z.string().min(1);

const modelSchema = z.strictObject({
  /** As the tables show it. */
  name: z.string().min(1),
  group,
  /** A pre-training; without it, from scratch. */
  from: z.string().optional(),
  /** Name of a set of inputs; without it, the configuration's. */
  inputs: z.string().optional(),
  ...variation,
  /** What is set in some tasks only. */
  tasks: z.partialRecord(taskName, settings).prefault({}),
  /** By default all tasks of the grid. */
  only: z.array(taskName).optional(),
  /** By default the grid's. */
  fractions: z.array(fraction).optional(),
  /** By default the grid's. */
  shots: z.array(shots).optional(),
  /** One of `datasets`; without it, the data of `--data`. */
  dataset: z.string().optional(),
});

/** What a model is held against: another one (or a reference), or the best of some groups by the task's primary figure. */
const rival = z.union([
  z.strictObject({
    /** A model, or a row of `references`. */
    model: z.string(),
  }),
  z.strictObject({
    /** The best of these groups. */
    groups: z.array(group).min(1),
  }),
]);

const claimSchema = z.strictObject({
  /** As a heading, e.g. `Multimodal above the best single modality`. */
  name: z.string().min(1),
  /** The model that the claim is about. */
  model: z.string(),
  above: rival,
  /** `primary`, or the figure for codes that few training visits carry. */
  figure: z.enum(['primary', 'rare']).default('primary'),
  /** By default all of the grid. */
  tasks: z.array(taskName).optional(),
  /** By default all of the grid. */
  fractions: z.array(fraction).optional(),
  /** By default all of the grid. */
  shots: z.array(shots).optional(),
  /** Also judges whether the difference at the first (smallest) share is larger than that at the last. */
  most_with_little_data: z.boolean().default(false),
});

const referencesSchema = z.strictObject({
  /** The model beside which `evaluate` fits them: they read its inputs and train on its visits. */
  beside: z.string(),
  /** Which rows of evaluation.json are shown. */
  rows: z
    .array(
      z.strictObject({
        /** As the tables show it. */
        name: z.string(),
        /** The name in evaluation.json: one, or one a task. */
        row: z.union([z.string(), z.partialRecord(taskName, z.string())]),
        group: group.default('baseline'),
      }),
    )
    .default([]),
});

export const gridSchema = z
  .strictObject({
    /** As a heading. */
    title: z.string().min(1),
    /** Base configuration: a file, or a name in configs/. */
    config: z.string(),
    /** The split that is scored. */
    split: z.enum(['dev', 'test']).default('test'),
    /** Fine-tuning seeds. */
    seeds: z.array(z.int()).min(1).default([1, 2, 3, 4, 5]),
    /** Each pre-training is made once for each of these; the n-th fine-tuning seed starts from the n-th, in turn. */
    pretrain_seeds: z.array(z.int()).min(1).default([1]),
    /** Shares of the training patients that every model is trained on. */
    fractions: z.array(fraction).default([1]),
    /** Readmission: numbers of positives, and as many negatives, to train on instead. */
    shots: z.array(shots).default([]),
    /** Settings that all models share in a task. */
    tasks: z.partialRecord(taskName, settings),
    /** Name → what is read in each task. */
    inputs: z.record(z.string(), z.partialRecord(taskName, z.array(inputName).min(1))).prefault({}),
    /** Further data sets, prepared from the same store with other settings. */
    datasets: z.record(z.string(), z.strictObject(variation)).prefault({}),
    /** Name → a run before fine-tuning: a stage made here (after another one, if `from` names it), or a run that is there already. */
    pretrainings: z.record(z.string(), pretrainingSchema).prefault({}),
    /** The rows of the tables. */
    models: z.array(modelSchema).min(1),
    /** Rows that `evaluate` fits beside a model. */
    references: referencesSchema.optional(),
    /** What is claimed of the models; the comparison says whether it holds. */
    claims: z.array(claimSchema).default([]),
  })
  .superRefine((grid, context) => {
    const known = (table: object, name: string | undefined, path: (string | number)[]): void => {
      if (name !== undefined && !(name in table)) context.addIssue({ code: 'custom', path, message: `${name}: expected one of ${Object.keys(table).join(', ') || '(none defined)'}` });
    };
    const named = (ones: readonly { name: string }[]): Record<string, true> => Object.fromEntries(ones.map(({ name }) => [name, true]));
    const models = named(grid.models);
    const rivals = { ...models, ...named(grid.references?.rows ?? []) };
    const groups = Object.fromEntries(groupsOf(grid).map((name) => [name, true]));
    const directories = grid.models.map(({ name }) => slug(name));
    grid.models.forEach(({ name, from, inputs, dataset }, i) => {
      if (directories.indexOf(slug(name)) !== i) context.addIssue({ code: 'custom', path: ['models', i, 'name'], message: `${name}: another model has this name, or one that gives the same directory` });
      known(grid.pretrainings, from, ['models', i, 'from']);
      known(grid.inputs, inputs, ['models', i, 'inputs']);
      known(grid.datasets, dataset, ['models', i, 'dataset']);
    });
    Object.entries(grid.pretrainings).forEach(([name, pretraining]) => {
      if ('run' in pretraining) return;
      known(grid.pretrainings, pretraining.from, ['pretrainings', name, 'from']);
      known(grid.datasets, pretraining.dataset, ['pretrainings', name, 'dataset']);
      if (isCircular(grid.pretrainings, name)) context.addIssue({ code: 'custom', path: ['pretrainings', name, 'from'], message: 'starts, in the end, from itself' });
    });
    grid.claims.forEach(({ model, above }, i) => {
      known(models, model, ['claims', i, 'model']);
      if ('model' in above) known(rivals, above.model, ['claims', i, 'above', 'model']);
      else above.groups.forEach((name) => known(groups, name, ['claims', i, 'above', 'groups']));
    });
    known(models, grid.references?.beside, ['references', 'beside']);
  });

export type Grid = z.output<typeof gridSchema>;
export type GridInput = z.input<typeof gridSchema>;
export type GridModel = Grid['models'][number];
export type Pretraining = z.output<typeof pretrainingSchema>;
export type Claim = Grid['claims'][number];

/** Groups in the order of the tables: those of references alone first. */
export function groupsOf({ models, references }: Pick<Grid, 'models' | 'references'>): string[] {
  const ofModels = new Set(models.map((model) => model.group));
  const ofReferences = (references?.rows ?? []).map((row) => row.group).filter((name) => !ofModels.has(name));
  return [...new Set([...ofReferences, ...ofModels])];
}

/** @throws configuration error naming every wrong field */
export const readGrid = (file: string): Grid => parseConfig(gridSchema, readYaml(file), file);

/** The directory of a model or pre-training: `G-BERT + ClinicalBERT` → `g-bert-clinicalbert`. */
export const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

function isCircular(pretrainings: Record<string, Pretraining>, start: string): boolean {
  const seen = new Set<string>();
  for (let name: string | undefined = start; name !== undefined && name in pretrainings; ) {
    if (seen.has(name)) return true;
    seen.add(name);
    const pretraining: Pretraining = pretrainings[name]!;
    name = 'run' in pretraining ? undefined : pretraining.from;
  }
  return false;
}

/** The grid of `medweave fewshot`: a pre-trained run against the same model from scratch and against the references, with little data. */
import path from 'node:path';
import { gridSchema, type Grid, type GridInput } from '../../compare/grid.js';
import type { TaskName } from '../../compare/tasks.js';
import { parseConfig, readYaml } from '../../core/config.js';

export interface FewShotOptions {
  task: TaskName;
  config: string;
  /** The pre-trained run. */
  from: string;
  fractions: readonly number[];
  shots: readonly number[];
  replicates: number;
}

/** EHRSHOT's numbers of examples. */
export const EHRSHOT = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 128] as const;

const PRETRAINED = 'pre-trained';
const SCRATCH = 'from scratch';
const REFERENCES = ['label frequency', 'logistic regression (text)', 'logistic regression (codes)', 'logistic regression (text + codes)'] as const;

/** Each replicate draws its own examples; within a replicate, more examples contain fewer. */
export function fewShotGrid({ task, config, from, fractions, shots, replicates }: FewShotOptions): Grid {
  const grid: GridInput = {
    title: `Few-shot ${task}`,
    config,
    seeds: Array.from({ length: replicates }, (_, i) => i + 1),
    fractions: [...fractions],
    shots: [...shots],
    tasks: { [task]: {} },
    pretrainings: { given: { run: from } },
    models: [
      { name: SCRATCH, group: 'models', set: modelOf(from) },
      { name: PRETRAINED, group: 'models', from: 'given' },
    ],
    references: { beside: PRETRAINED, rows: REFERENCES.map((name) => ({ name, row: name })) },
    claims: [
      { name: 'Pre-trained above from scratch', model: PRETRAINED, above: { model: SCRATCH }, most_with_little_data: true },
      ...REFERENCES.map((name) => ({ name: `Pre-trained above ${name}`, model: PRETRAINED, above: { model: name } })),
    ],
  };
  return parseConfig(gridSchema, grid, 'fewshot');
}

/** The same model from scratch: what `--from` takes from the run by itself. */
function modelOf(run: string): Record<string, unknown> {
  const model = readYaml(path.join(run, 'config.yaml'))['model'] as Record<string, unknown>;
  return Object.fromEntries(Object.entries(model).map(([name, value]) => [`model.${name}`, value]));
}

/** Planning: a grid becomes the command lines a user would type, and equal work has equal requests. */
import { describe, expect, it } from 'vitest';
import { planGrid, type Cell, type Plan } from '../../src/compare/plan.js';
import { shareKey } from '../../src/compare/share.js';
import { GRID, gridOf, OPTIONS } from './grid-fixture.js';

const cellOf = ({ cells }: Plan, name: string, task: string, share: string, seed: number): Cell =>
  cells.find((cell) => cell.model.name === name && cell.task === task && shareKey(cell.share) === share && cell.seed === seed)!;

const plan = planGrid(gridOf(), OPTIONS);
const full = cellOf(plan, 'Full model', 'readmission', '0.1', 12);

describe('a plan', () => {
  it('has a cell for each model, task, share and seed', () => {
    expect(plan.cells).toHaveLength(2 * 2 * (1 + 2 + 2));
    expect(new Set(plan.jobs.map(({ dir }) => dir)).size).toBe(plan.jobs.length);
  });

  it('makes each pre-training once, the first stage first', () => {
    expect(plan.jobs.filter(({ name }) => name.startsWith('pre-training')).map(({ dir, needs }) => [dir, needs])).toEqual([
      ['out/pretraining/language/1', []],
      ['out/pretraining/joint/1', ['pre-training language, seed 1']],
    ]);
  });

  it('spells a cell as two commands', () => {
    expect(full.job.dir).toBe('out/cells/full-model/readmission/0.1/12');
    expect(full.job.commands.map((argv) => argv.join(' '))).toEqual([
      'finetune readmission --data data --from out/pretraining/joint/1/run --out out/cells/full-model/readmission/0.1/12/run --config base'
        + ' --set finetune.fraction=0.1 --set finetune.inputs=["text","dx","rx"] --set finetune.head.queries=3 --seed 12 --device cpu --resume',
      'evaluate --run out/cells/full-model/readmission/0.1/12/run --data data --out out/cells/full-model/readmission/0.1/12/evaluation --device cpu --split test --save-scores --ceiling raw',
    ]);
  });

  it('sets what a task sets for all models', () => {
    expect(cellOf(plan, 'Text', 'icd-coding', '1', 11).job.commands[0]).toContain('finetune.head.dropout=0.1');
  });

  it('starts a model without a pre-training from scratch', () => {
    expect(cellOf(plan, 'Scratch', 'icd-coding', '1', 11).job).toMatchObject({ needs: [], request: { from: null } });
  });
});

describe('references and the ceiling', () => {
  const beside = (one: Plan): string[] => one.cells.filter(({ references }) => references).map(({ model, task, share, seed }) => `${model.name} ${task} ${shareKey(share)} ${seed}`).sort();

  it('are fitted once on all data, and once a seed on a sample', () => {
    expect(beside(plan)).toEqual(['icd-coding', 'readmission'].flatMap((task) => [`Full model ${task} 0.1 11`, `Full model ${task} 0.1 12`, `Full model ${task} 1 11`]));
  });

  it('stand beside another model where theirs has not that share', () => {
    expect(beside(planGrid(gridOf({ references: { beside: 'Text', rows: [] }, claims: [] }), OPTIONS))).toContain('Scratch readmission 0.1 12');
  });

  it('are left out of all other evaluations', () => {
    const others = plan.cells.filter(({ references }) => !references);
    expect(others.every(({ job }) => job.commands[1]!.includes('--no-references') && !job.commands[1]!.includes('--ceiling'))).toBe(true);
  });
});

describe('several pre-training seeds', () => {
  it('take turns', () => {
    const turns = planGrid(gridOf({ seeds: [1, 2, 3], pretrain_seeds: [7, 8] }), OPTIONS);
    const starts = [1, 2, 3].map((seed) => cellOf(turns, 'Text', 'readmission', '1', seed).job.needs);
    expect(starts).toEqual([['pre-training language, seed 7'], ['pre-training language, seed 8'], ['pre-training language, seed 7']]);
  });
});

describe('requests', () => {
  const requestOf = (one: Plan, name: string, seed = 11): string => JSON.stringify(cellOf(one, name, 'readmission', '1', seed).job.request);

  it('change with what a model starts from, and not with what others do', () => {
    const pretrainings = { ...GRID.pretrainings, joint: { stage: 'pretrain' as const, from: 'language', set: { 'pretrain.reading': [] } } };
    const changed = planGrid(gridOf({ pretrainings }), OPTIONS);
    expect(requestOf(changed, 'Full model')).not.toBe(requestOf(plan, 'Full model'));
    expect(requestOf(changed, 'Text')).toBe(requestOf(plan, 'Text'));
    expect(requestOf(changed, 'Scratch')).toBe(requestOf(plan, 'Scratch'));
  });

  it('change with the data, and not with the place of the results', () => {
    const prints = { ...OPTIONS, fingerprint: (input: string) => (input === 'data' ? 'other' : `print of ${input}`) };
    expect(requestOf(planGrid(gridOf(), prints), 'Text')).not.toBe(requestOf(plan, 'Text'));
    expect(requestOf(planGrid(gridOf(), { ...OPTIONS, out: 'elsewhere', keepWeights: true }), 'Text')).toBe(requestOf(plan, 'Text'));
  });
});

describe('other data sets', () => {
  const grid = gridOf({
    datasets: { 'by visit': { switch: { split: 'released' } } },
    pretrainings: { joint: { stage: 'pretrain', dataset: 'by visit' } },
    models: [{ name: 'Leaky', group: 'g', from: 'joint', dataset: 'by visit', switch: { split: 'released' } }], references: undefined, claims: [],
  });

  it('are prepared from the store, before all that reads them', () => {
    const { jobs } = planGrid(grid, { ...OPTIONS, store: 'store' });
    expect(jobs[0]!.commands).toEqual([['prepare', '--store', 'store', '--out', 'out/datasets/by-visit/data', '--config', 'base', '--switch', 'split=released']]);
    expect(jobs[1]).toMatchObject({ name: 'pre-training joint, seed 1', needs: ['data set by visit'] });
    expect(jobs[2]!.needs).toEqual(['data set by visit', 'pre-training joint, seed 1']);
    expect(jobs[2]!.commands[0]).toEqual(expect.arrayContaining(['--data', 'out/datasets/by-visit/data', '--switch', 'split=released']));
  });

  it('are refused without one', () => {
    expect(() => planGrid(grid, OPTIONS)).toThrow(/--store/);
  });
});

describe('a run that is there already', () => {
  it('is started from, and identified by what it holds', () => {
    const given = planGrid(gridOf({ pretrainings: { joint: { run: 'my/run' }, language: { stage: 'mlm' } } }), OPTIONS);
    expect(cellOf(given, 'Full model', 'readmission', '1', 11).job).toMatchObject({ needs: [], request: { from: 'print of my/run' } });
  });
});

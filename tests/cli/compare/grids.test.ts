/** The grids that commands make by themselves: protocols switch by switch, and few-shot. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGrid, type Grid } from '../../../src/compare/grid.js';
import { assignments, planGrid } from '../../../src/compare/plan.js';
import { chapterGrid } from '../../../src/cli/compare/chapter-grid.js';
import { fewShotGrid } from '../../../src/cli/compare/fewshot-grid.js';
import { protocolGrid, skippedSwitches } from '../../../src/cli/compare/protocol-grid.js';
import { loadRunConfig } from '../../../src/cli/run-config.js';
import { packageFile } from '../../../src/core/paths.js';
import { alternativesOf, readSwitches } from '../../../src/protocols/index.js';

describe('every setting and switch of a grid', () => {
  const bundled = fs.readdirSync(packageFile('configs', 'compare')).filter((name) => name.endsWith('.yaml')).map((name): [string, Grid] => [name, readGrid(packageFile('configs', 'compare', name))]);

  const chapter = chapterGrid({ nodes: ['K'], heads: ['cls', 'per-icd', 'label-attention'], visits: 'with-label', split: 'test', seeds: 2, references: true, set: ['finetune.training.epochs=3'] });

  it.each([...bundled, ['protocols', protocolGrid({ store: true })], ['chapter', chapter]] as [string, Grid][])('of %s is one that the configuration has', (_name, grid) => {
    const plan = planGrid({ ...grid, seeds: [1] }, {
      out: 'out', data: 'data', store: 'store', device: 'cpu', keepWeights: false, version: '1', fingerprint: (input) => input,
      resolve: (command, { set, switch: switches }) => loadRunConfig({ config: grid.config, set: assignments(set), switch: Object.entries(switches).map((words) => words.join('=')) })[command],
    });
    expect(plan.cells.length).toBeGreaterThanOrEqual(grid.models.length);
  });
});

describe('compare protocols', () => {
  const grid = protocolGrid({ store: true });
  const model = (name: string) => grid.models.find((one) => one.name === name)!;
  const switches = readSwitches();

  it('takes back each correction by itself, and all of them', () => {
    const alone = switches.flatMap((one) => alternativesOf(one).map((variant) => ({ [one.name]: variant })));
    expect(grid.models.filter(({ group }) => group === 'one switch').map((one) => one.switch)).toEqual(alone);
    expect(Object.keys(model('all: released').switch)).toEqual(switches.map(({ name }) => name));
    expect(grid.models).toHaveLength(1 + alone.length + 2);
  });

  it('pre-trains anew only where a switch reaches pre-training', () => {
    expect(model('cls-mask: released').from).toBe('cls-mask: released');
    expect(model('code-loss: released').from).toBe('code-loss: released');
    expect(model('readmission-cohort: released').from).toBe('corrected');
  });

  it('runs a switch of one task in that task only', () => {
    expect(model('medication-history: released').only).toEqual(['medication']);
    expect(model('readmission-balance: released').only).toEqual(['readmission']);
    expect(model('cls-mask: released').only).toEqual(['medication', 'readmission', 'icd-coding']);
  });

  it('looks at the choice of training patients where some are left out', () => {
    expect([model('training-share: released').fractions, model('corrected').fractions]).toEqual([[0.1], [0.1, 1]]);
  });

  it('prepares data anew for the split, and leaves it out without a store', () => {
    expect(grid.datasets).toHaveProperty(['split: released'], { set: {}, switch: { split: 'released' } });
    expect(model('split: released')).toMatchObject({ dataset: 'split: released', from: 'split: released' });
    const without = protocolGrid({ store: false });
    expect([without.datasets, without.models.some(({ dataset, name }) => dataset !== undefined || name.startsWith('split'))]).toEqual([{}, false]);
    expect([skippedSwitches(true), skippedSwitches(false)]).toEqual([[], ['split']]);
  });
});

describe('fewshot', () => {
  it('compares a run with the same model from scratch', () => {
    const run = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-run-'));
    fs.writeFileSync(path.join(run, 'config.yaml'), 'model: { text: { width: 13 }, fusion: concatenation }\n');
    const grid = fewShotGrid({ task: 'readmission', config: 'demo', from: run, fractions: [1], shots: [4, 1], replicates: 3 });
    fs.rmSync(run, { recursive: true });
    expect(grid.models.map(({ name, from, set }) => [name, from, set])).toEqual([['from scratch', undefined, { 'model.text': { width: 13 }, 'model.fusion': 'concatenation' }], ['pre-trained', 'given', {}]]);
    expect([grid.pretrainings, grid.seeds, grid.shots]).toEqual([{ given: { run } }, [1, 2, 3], [4, 1]]);
  });
});

describe('chapter', () => {
  const options = { nodes: ['K', '520-579'], heads: ['cls', 'caml'], visits: 'all', split: 'dev', seeds: 3, references: false, set: ['finetune.head.kind=mlp', 'finetune.head.dropout=0.3', 'finetune.inputs=[text, rx]'] } as const;

  it('reads the note alone unless --set says otherwise, and each model has its own head', () => {
    const { tasks, models, seeds, references, config } = chapterGrid(options);
    expect(tasks).toEqual({ 'icd-coding': { 'finetune.inputs': ['text'], 'finetune.labels.within': ['K', '520-579'], 'finetune.labels.visits': 'all' } });
    expect(models.map(({ name, set }) => [name, set])).toEqual([
      ['Baseline ([CLS])', { 'finetune.head.kind': 'cls', 'finetune.head.dropout': 0.3, 'finetune.inputs': ['text', 'rx'] }],
      ['caml', { 'finetune.head.kind': 'caml', 'finetune.head.dropout': 0.3, 'finetune.inputs': ['text', 'rx'] }],
    ]);
    expect([seeds, references, config]).toEqual([[1, 2, 3], undefined, 'chapter']);
  });

  it('starts every model from the same run, whose configuration it takes', () => {
    const { models, config, pretrainings } = chapterGrid({ ...options, from: 'runs/pt' });
    expect(models.map(({ from }) => from)).toEqual(['given', 'given']);
    expect([config, pretrainings]).toEqual([path.join('runs/pt', 'config.yaml'), { given: { run: 'runs/pt' } }]);
  });
});

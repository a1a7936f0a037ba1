/** A small grid for tests of planning and of results. */
import { gridSchema, type Grid, type GridInput } from '../../src/compare/grid.js';
import type { PlanOptions } from '../../src/compare/plan.js';

export const GRID: GridInput = {
  title: 'small',
  config: 'base',
  seeds: [11, 12],
  tasks: { 'icd-coding': { 'finetune.head.dropout': 0.1 }, readmission: {} },
  inputs: { both: { 'icd-coding': ['text', 'rx'], readmission: ['text', 'dx', 'rx'] }, text: { 'icd-coding': ['text'], readmission: ['text'] } },
  pretrainings: { language: { stage: 'mlm' }, joint: { stage: 'pretrain', from: 'language', set: { 'pretrain.reading': ['dx'] } } },
  models: [
    { name: 'Text', group: 'single modality', from: 'language', inputs: 'text' },
    { name: 'Scratch', group: 'ablation', inputs: 'both', fractions: [0.1, 1] },
    { name: 'Full model', group: 'multimodal', from: 'joint', inputs: 'both', fractions: [0.1, 1], tasks: { readmission: { 'finetune.head.queries': 3 } } },
  ],
  references: { beside: 'Full model', rows: [{ name: 'LR', row: 'logistic regression' }] },
  claims: [
    { name: 'above the best', model: 'Full model', above: { groups: ['single modality', 'baseline'] } },
    { name: 'above scratch', model: 'Full model', above: { model: 'Scratch' }, most_with_little_data: true },
  ],
};

export const gridOf = (changes: Partial<GridInput> = {}): Grid => gridSchema.parse({ ...GRID, ...changes });

export const OPTIONS: PlanOptions = {
  out: 'out', data: 'data', ceiling: 'raw', device: 'cpu', keepWeights: false, version: '1',
  resolve: (command, variation) => ({ command, variation }),
  fingerprint: (input) => `print of ${input}`,
};

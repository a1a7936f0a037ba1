/** Grids: what a grid file may say, what the bundled ones say, and what the command line selects. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridSchema, readGrid, slug, type GridInput } from '../../src/compare/grid.js';
import { allShares, select, sharesOf } from '../../src/compare/selection.js';
import { shareKey, shareTitle } from '../../src/compare/share.js';
import { packageFile } from '../../src/core/paths.js';
import { GRID, gridOf } from './grid-fixture.js';

const folder = packageFile('configs', 'compare');
const bundled = fs.readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(bundled)('configs/compare/%s', (name) => {
  const grid = readGrid(path.join(folder, name));

  it('never lets ICD coding read diagnoses', () => {
    expect(Object.values(grid.inputs).flatMap((inputs) => inputs['icd-coding'])).not.toContain('dx');
    for (const { inputs } of grid.models) expect(grid.inputs[inputs!]!['icd-coding']).toBeDefined();
  });

  it('says what each model reads in each task', () => {
    for (const { inputs } of grid.models) expect(Object.keys(grid.inputs[inputs!]!).sort()).toEqual(Object.keys(grid.tasks).sort());
  });

  it('opens with a comment that has its command', () => {
    expect(fs.readFileSync(path.join(folder, name), 'utf8')).toMatch(new RegExp(`^# \\S[^]*\\n#   medweave compare --preset ${path.basename(name, '.yaml')} `));
  });
});

describe('a grid file', () => {
  const refusals: [string, Partial<GridInput>, RegExp][] = [
    ['an unknown pre-training', { models: [{ name: 'A', group: 'g', from: 'nowhere' }], claims: [], references: undefined }, /nowhere: expected one of language, joint/],
    ['unknown inputs', { models: [{ name: 'A', group: 'g', inputs: 'all' }], claims: [], references: undefined }, /all: expected one of both, text/],
    ['two models of one directory', { models: [{ name: 'A b', group: 'g' }, { name: 'A-B', group: 'g' }], claims: [], references: undefined }, /A-B: another model/],
    ['a claim about nobody', { claims: [{ name: 'c', model: 'Nobody', above: { model: 'LR' } }] }, /Nobody: expected one of Text/],
    ['a claim against nobody', { claims: [{ name: 'c', model: 'Text', above: { groups: ['giants'] } }] }, /giants: expected one of baseline/],
    ['a circle', { pretrainings: { language: { stage: 'mlm', from: 'joint' }, joint: { stage: 'pretrain', from: 'language' } } }, /starts, in the end, from itself/],
    ['a setting that is no path', { models: [{ name: 'A', group: 'g', set: { epochs: 3 } }], claims: [], references: undefined }, /expected a path/],
    ['an unknown field', { title: 'x', colour: 'red' } as Partial<GridInput>, /colour/],
  ];
  it.each(refusals)('refuses %s', (_what, changes, message) => {
    const parsed = gridSchema.safeParse({ ...GRID, ...changes });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error!.issues)).toMatch(message);
  });

  it('may hold a claim against a reference', () => {
    expect(gridOf({ claims: [{ name: 'c', model: 'Text', above: { model: 'LR' } }] }).claims).toHaveLength(1);
  });
});

describe('selection', () => {
  it('keeps models, tasks and fractions by name, and counts seeds from 1', () => {
    const grid = select(gridOf(), { models: ['Scratch'], tasks: ['readmission'], fractions: [0.1], seeds: 3 });
    expect(grid.models.map(({ name, fractions }) => [name, fractions])).toEqual([['Scratch', [0.1]]]);
    expect([Object.keys(grid.tasks), grid.seeds]).toEqual([['readmission'], [1, 2, 3]]);
  });

  it.each([
    [{ models: ['LSTM'] }, /--models LSTM: not in the grid; expected some of Text, Scratch, Full model/],
    [{ tasks: ['medication'] }, /--tasks medication/],
    [{ fractions: [0.2] }, /--fractions 0.2/],
  ])('refuses %j', (selection, message) => {
    expect(() => select(gridOf(), selection)).toThrow(message);
  });

  it('orders shares: a model\'s from the smallest, the tables from all data', () => {
    const grid = gridOf({ shots: [8, 1], fractions: [1, 0.25] });
    expect(sharesOf(grid, grid.models[0]!).map(shareKey)).toEqual(['k1', 'k8', '0.25', '1']);
    expect(allShares(grid).map(shareKey)).toEqual(['1', '0.25', '0.1', 'k8', 'k1']);
  });
});

describe('names', () => {
  it('make directories', () => {
    expect(slug('G-BERT + ClinicalBERT')).toBe('g-bert-clinicalbert');
  });
  it('of shares are readable', () => {
    expect([{ fraction: 1 }, { fraction: 0.07 }, { shots: 1 }, { shots: 8 }].map(shareTitle)).toEqual(['all training patients', '7 % of the training patients', '1 positive and as many negatives', '8 positives and as many negatives']);
  });
});

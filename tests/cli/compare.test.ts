/** `medweave compare` on a small grid, by the compiled command line: interrupted in the middle it ends with the same table, and redoes nothing. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, exists, medweave, readJson, start, succeed, tinyData } from './command-line.js';

const GRID = `
title: Small grid
config: tiny.yaml
seeds: [1, 2]
tasks: { readmission: {}, icd-coding: {} }
inputs:
  both: { readmission: [text, dx], icd-coding: [text, rx] }
pretrainings:
  joint: { stage: pretrain, set: { pretrain.training.epochs: 1 } }
models:
  - { name: From scratch, group: ablation, inputs: both }
  - { name: Pre-trained, group: multimodal, inputs: both, from: joint }
references:
  beside: Pre-trained
  rows: [{ name: LR, row: logistic regression (text + codes) }]
claims:
  - { name: Pre-trained above scratch, model: Pre-trained, above: { model: From scratch } }
`;

let dir: string;
const compare = (out: string, ...more: string[]): string[] => ['compare', '--grid', 'grid.yaml', '--data', 'data', '--ceiling', 'raw', '--out', out, '--jobs', '2', '--device', 'cpu', ...more];
const read = (...parts: string[]): string => fs.readFileSync(path.join(dir, ...parts), 'utf8');

beforeAll(async () => {
  dir = await tinyData();
  fs.writeFileSync(path.join(dir, 'grid.yaml'), GRID);
  await succeed(dir, ...compare('whole'));
}, 300_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

/** When each finished evaluation was written. */
function finishedCells(out: string): Map<string, number> {
  const cells = path.join(dir, out, 'cells');
  if (!fs.existsSync(cells)) return new Map();
  const manifests = fs.readdirSync(cells, { recursive: true }).map(String).filter((name) => name.endsWith(path.join('evaluation', 'manifest.json')));
  return new Map(manifests.map((name) => [path.dirname(path.dirname(name)), fs.statSync(path.join(cells, name)).mtimeMs]));
}

describe('compare', () => {
  it('writes the table, the page and all figures', () => {
    expect(finishedCells('whole').size).toBe(8);
    const table = read('whole', 'table.md');
    for (const row of ['| baseline | LR |', '| ablation | From scratch |', '| multimodal | Pre-trained |', '| ceiling | Ceiling |']) expect(table).toContain(row);
    expect(table.match(/^\| Pre-trained above scratch \|/gm)).toHaveLength(2);
    expect(read('whole', 'report.html')).toContain('Small grid');
    expect(readJson(dir, 'whole', 'results.json')).toMatchObject({ seeds: [1, 2], failed: [] });
  });

  it('keeps logs that say how to repeat a cell by hand, and no weights', () => {
    const cell = path.join('whole', 'cells', 'pre-trained', 'readmission', '1', '2');
    expect(read(cell, 'log.txt')).toMatch(/^INFO: medweave finetune readmission .*--seed 2[^]*INFO: medweave evaluate /);
    expect([exists(dir, cell, 'run', 'task.json'), exists(dir, cell, 'run', 'model.safetensors')]).toEqual([true, false]);
    expect(exists(dir, 'whole', 'pretraining', 'joint', '1', 'run', 'model.safetensors')).toBe(true);
  });

  it('a second time does nothing, and says the same', async () => {
    const before = finishedCells('whole');
    const printed = JSON.parse(await succeed(dir, ...compare('whole', '--json'))) as unknown;
    expect(printed).toEqual(readJson(dir, 'whole', 'results.json'));
    expect(finishedCells('whole')).toEqual(before);
  });
});

describe('Ctrl-C in the middle', () => {
  it('keeps what is finished; repeated, the command ends with the same bytes', async () => {
    const { child, ended } = start(dir, compare('stopped'));
    const timer = setInterval(() => {
      if (!finishedCells('stopped').size) return;
      clearInterval(timer);
      child.kill('SIGINT');
    }, 5);
    const stopped = await ended.finally(() => clearInterval(timer));
    expect([stopped.code, complaint(stopped)]).toEqual([1, expect.stringMatching(/interrupted; [1-7] of 8 cells are finished.*Repeat the command/)]);
    const before = finishedCells('stopped');
    await succeed(dir, ...compare('stopped'));
    for (const [cell, time] of before) expect(finishedCells('stopped').get(cell), cell).toBe(time);
    for (const file of ['table.md', 'results.json', 'report.html']) expect(read('stopped', file), file).toBe(read('whole', file));
  }, 300_000);
});

describe('a changed grid', () => {
  it('makes only what it changes again; what fails is marked, and the exit code is 1', async () => {
    const before = finishedCells('whole');
    fs.writeFileSync(path.join(dir, 'changed.yaml'), GRID.replace('group: ablation, inputs: both', '$&, tasks: { icd-coding: { finetune.labels.min_count: 9999 } }'));
    const failed = await medweave(dir, ...compare('whole').map((word) => (word === 'grid.yaml' ? 'changed.yaml' : word)));
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/made again, because .*From scratch, icd-coding, 1, seed 1/);
    expect(failed.stderr).toMatch(/ERROR: From scratch, icd-coding, 1, seed 2: .*min_count.*log\.txt/);
    const left = [...before].filter(([cell]) => !cell.startsWith(path.join('from-scratch', 'icd-coding')));
    expect(finishedCells('whole')).toEqual(new Map(left));
    expect(read('whole', 'table.md')).toMatch(/\| From scratch \(2 cells failed\) \|[^]*\| not measured \|[^]*## Failed/);
  }, 300_000);
});

describe('a wrong grid', () => {
  it.each([
    ['a setting that does not exist', GRID.replace('pretrain.training.epochs', 'pretrain.training.epoch'), /epoch.*pretrain\.training/],
    ['a model that starts from nowhere', GRID.replace('from: joint', 'from: elsewhere'), /elsewhere: expected one of joint/],
  ])('%s is refused in one line before anything runs', async (_what, text, message) => {
    fs.writeFileSync(path.join(dir, 'wrong.yaml'), text);
    const refused = await medweave(dir, 'compare', '--grid', 'wrong.yaml', '--data', 'data', '--out', 'refused');
    expect([refused.code, complaint(refused)]).toEqual([2, expect.stringMatching(message)]);
    expect(exists(dir, 'refused')).toBe(false);
  });
});

describe('fewshot', () => {
  it('holds a pre-trained run against scratch and references', async () => {
    await succeed(dir, 'fewshot', 'readmission', '--data', 'data', '--from', path.join('whole', 'pretraining', 'joint', '1', 'run'), '--config', 'tiny.yaml', '--shots', '4', '--seeds', '2', '--jobs', '2', '--device', 'cpu', '--out', 'few');
    const table = read('few', 'table.md');
    expect(table).toContain('## Trained on 4 positives and as many negatives');
    expect(table).toContain('| Pre-trained above logistic regression (text) | readmission |');
  }, 300_000);
});

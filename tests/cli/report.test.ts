/** `medweave report` from runs to files: the three tasks, a baseline, several runs, missing pieces, wrong input. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/report/run/data.js';
import { runInProcess } from '../support/in-process.js';
import { TINY_CONFIG } from './command-line.js';

let dir: string;
const at = (...parts: string[]): string => path.join(dir, ...parts);
const run = (...args: string[]) => runInProcess([...args, '--quiet']);

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect(code, `medweave ${args.join(' ')}\n${stderr}`).toBe(0);
  return stdout;
}

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-report-'));
  fs.writeFileSync(at('tiny.yaml'), TINY_CONFIG);
  const tiny = ['--config', at('tiny.yaml'), '--device', 'cpu', '--data', at('data')];
  await succeed('synth', '--patients', '60', '--out', at('raw'));
  await succeed('ingest', '--source', 'mimic4', '--raw', at('raw'), '--out', at('store'));
  await succeed('prepare', '--store', at('store'), '--config', at('tiny.yaml'), '--out', at('data'));
  await succeed('finetune', 'icd-coding', ...tiny, '--out', at('coding'));
  await succeed('finetune', 'readmission', ...tiny, '--out', at('readmission'));
  await succeed('finetune', 'medication', ...tiny, '--out', at('medication'));
  await succeed('baseline', 'tfidf', '--config', at('tiny.yaml'), '--data', at('data'), '--store', at('store'), '--threads', '1', '--out', at('baseline'));
}, 300_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

const report = (runs: readonly string[], out: string, ...args: string[]) =>
  run('report', ...runs.map((name) => at(name)), '--out', at(out), '--replicates', '50', '--device', 'cpu', ...args);
const numbersOf = (out: string): RunReport => JSON.parse(fs.readFileSync(at(out, 'report.json'), 'utf8')) as RunReport;
const headings = (out: string): string[] => [...new JSDOM(fs.readFileSync(at(out, 'report.html'), 'utf8')).window.document.querySelectorAll('h2')].map(({ textContent }) => textContent!);

describe('of one run', () => {
  it('writes the page, both cards and the numbers, which are those of `evaluate`', async () => {
    const { code, stdout, stderr } = await report(['coding'], 'one', '--data', at('data'));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^coding: MAP \(edin\) 0\.\d{3}, 95 % interval .* test visits of \d+ patients\nwritten: /);
    expect(fs.readdirSync(at('one')).sort()).toEqual(['DATA_CARD.md', 'MODEL_CARD.md', 'manifest.json', 'report.html', 'report.json']);
    expect(headings('one')).toEqual(['Figures', 'Calibration', 'Every label by itself', 'What the model looks at: synthetic notes', 'Training', 'Cohort', 'Notes and codes', 'Coverage', 'The run']);
    await succeed('evaluate', '--run', at('coding'), '--data', at('data'), '--no-references', '--device', 'cpu', '--out', at('evaluation'));
    const { rows } = JSON.parse(fs.readFileSync(at('evaluation', 'evaluation.json'), 'utf8')) as { rows: { figures: Record<string, Record<string, number>> }[] };
    for (const { figure, estimate } of numbersOf('one').runs[0]!.assessment!.figures.filter((one) => !one.figure.startsWith('rare'))) {
      const [dialect, name] = figure.split('.') as [string, string];
      expect(estimate, figure).toBeCloseTo(rows[0]!.figures[dialect]![name]!, 9);
    }
  });

  it('shows no note of the data unless asked to', async () => {
    const page = (out: string): string => fs.readFileSync(at(out, 'report.html'), 'utf8');
    expect(numbersOf('one').examples!.notes.map(({ id }) => id)).toEqual(['synthetic note 1', 'synthetic note 2']);
    expect((await report(['coding'], 'notes', '--data', at('data'), '--show-notes')).code).toBe(0);
    const [note] = numbersOf('notes').examples!.notes;
    expect(page('notes')).toContain('This page holds patients’ notes');
    expect(page('one')).not.toContain(note!.id);
    for (const card of ['MODEL_CARD.md', 'DATA_CARD.md']) for (const line of note!.text.split('\n').filter(({ length }) => length > 40)) expect(fs.readFileSync(at('notes', card), 'utf8')).not.toContain(line);
  });

  it('passes the check for what identifies patients', async () => {
    const { code, stdout } = await run('check', '--phi', at('one', 'report.html'), at('one', 'MODEL_CARD.md'), at('one', 'DATA_CARD.md'));
    expect(code, stdout).toBe(0);
  });

  it('does nothing a second time', async () => {
    const before = fs.statSync(at('one', 'report.html')).mtimeMs;
    const { stdout } = await report(['coding'], 'one', '--data', at('data'));
    expect(stdout).toContain('already there');
    expect(fs.statSync(at('one', 'report.html')).mtimeMs).toBe(before);
  });

  it('without data has the curves and a card', async () => {
    const { code, stdout } = await report(['coding'], 'bare', '--examples', '0');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^coding: not measured\nMissing: No --data was given/)]);
    expect(headings('bare')).toEqual(['Training', 'The run', 'Not in this report']);
    expect(fs.existsSync(at('bare', 'DATA_CARD.md'))).toBe(false);
  });

  it.each([['readmission', 'gbert-readmission.auc'], ['medication', 'gbert.f1']])('of %s', async (task, primary) => {
    expect((await report([task], `of-${task}`, '--data', at('data'))).code).toBe(0);
    const { runs: [first], missing } = numbersOf(`of-${task}`);
    expect(first!.assessment!.figures[0]!.figure).toBe(primary);
    expect(first!.assessment!.binary !== undefined).toBe(task === 'readmission');
    expect(missing).toEqual([expect.stringContaining('No attention examples')]);
    expect(headings(`of-${task}`)).toContain(task === 'readmission' ? 'Curves and decisions' : 'Every label by itself');
  });
});

describe('of several runs', () => {
  it('gives paired differences, a card each, and examples of the run that has evidence', async () => {
    expect((await report(['baseline', 'coding'], 'two', '--data', at('data'))).code).toBe(0);
    const { differences, runs, examples } = numbersOf('two');
    expect(runs.map(({ name, command }) => [name, command])).toEqual([['baseline', 'baseline'], ['coding', 'finetune']]);
    const [first, second] = runs.map(({ assessment }) => assessment!.figures[0]!.estimate) as [number, number];
    expect(differences).toMatchObject([{ run: 'coding', against: 'baseline' }]);
    expect(differences[0]!.figures!['edin.map']!.estimate).toBeCloseTo(second - first, 12);
    expect(examples!.run).toBe('coding');
    expect(fs.existsSync(at('two', 'coding', 'MODEL_CARD.md'))).toBe(true);
  });
});

describe('wrong input', () => {
  it.each([
    ['no such run', ['nowhere'], [], /nowhere: not a medweave directory/],
    ['no run at all', ['data'], [], /data: expected the output of `medweave finetune` or `medweave baseline`, got the output of `medweave prepare`/],
    ['runs of two tasks', ['coding', 'readmission'], [], /predicts readmission, .*coding predicts icd-coding; write one report a task/],
    ['a run twice', ['coding', 'coding'], [], /named twice/],
    ['no such data', ['coding'], ['--data', 'nowhere'], /nowhere: no such file or directory/],
    ['no number of notes', ['coding'], ['--examples', '99'], /--examples 99: expected a whole number from 0 to 20/],
    ['notes without data', ['coding'], ['--show-notes'], /--show-notes: the notes are in the store/],
    ['no few-shot results', ['coding'], ['--fewshot', '.'], /results\.json: cannot be read as the results of `medweave fewshot`/],
  ])('%s', async (_, runs, args, line) => {
    const { code, stdout, stderr } = await report(runs, 'wrong', ...args);
    expect([code, stdout]).toEqual([2, '']);
    // Node counts the loggers of so many runs in one process, and says so.
    const complaints = stderr.split('\n').filter((text) => text.startsWith('medweave: '));
    expect(complaints).toEqual([expect.stringMatching(line)]);
    expect(fs.existsSync(at('wrong'))).toBe(false);
  });
});

/** `medweave chapter` on a small synthetic data set, by the compiled command line. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaint, exists, medweave, readJson, succeed, tinyData } from './command-line.js';

let dir: string;
let node: string;
const chapter = (out: string, ...more: string[]): string[] => ['chapter', node, '--data', 'data', '--config', 'tiny.yaml', '--heads', 'cls,per-icd', '--out', out, '--jobs', '2', '--device', 'cpu', ...more];
const cell = (head: string): string => path.join(dir, 'whole', 'cells', head, 'icd-coding', '1', '1');

beforeAll(async () => {
  dir = await tinyData();
  // The letter that most diagnoses of the training visits begin with.
  const codes = (readJson(dir, 'data', 'vocab.json')['kinds'] as Record<string, { code: string }[]>)['dx']!.map(({ code }) => code[0]!).filter((letter) => /[A-Z]/.test(letter));
  node = codes.sort((a, b) => codes.filter((one) => one === b).length - codes.filter((one) => one === a).length)[0]!;
  await succeed(dir, ...chapter('whole', '--split', 'test'));
}, 300_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('chapter', () => {
  it('writes figures, table, page and picture', () => {
    const results = readJson(dir, 'whole', 'chapter.json') as { rows: { name: string; rules?: unknown }[]; differences: unknown[]; failed: unknown[] };
    expect(results.failed).toEqual([]);
    expect(results.rows.map(({ name }) => name)).toEqual(['TF-IDF + logistic regression', 'Label frequency', 'Baseline ([CLS])', 'Per-ICD attention']);
    expect(results.rows.every(({ rules }) => rules)).toBe(true);
    expect(results.differences).toHaveLength(2);
    for (const file of ['chapter.md', 'report.html', 'confusion.svg']) expect(exists(dir, 'whole', file), file).toBe(true);
  });

  it('trains each head by the command line that its log shows, on the codes of the chapter and the note alone', () => {
    const log = fs.readFileSync(path.join(cell('per-icd-attention'), 'log.txt'), 'utf8');
    expect(log).toContain('medweave finetune icd-coding');
    expect(log).toContain('finetune.head.kind="per-icd"');
    const { labels, inputs } = readJson(cell('per-icd-attention'), 'run', 'task.json') as { labels: { code: string }[]; inputs: string[] };
    expect(inputs).toEqual(['text']);
    expect(labels.every(({ code }) => code.startsWith(node))).toBe(true);
  });

  it('a second time does nothing, and says the same', async () => {
    const written = fs.statSync(path.join(cell('baseline-cls'), 'evaluation', 'manifest.json')).mtimeMs;
    expect(JSON.parse(await succeed(dir, ...chapter('whole', '--split', 'test', '--json')))).toEqual(readJson(dir, 'whole', 'chapter.json'));
    expect(fs.statSync(path.join(cell('baseline-cls'), 'evaluation', 'manifest.json')).mtimeMs).toBe(written);
  });
});

describe('wrong input is refused in one line before anything runs', () => {
  it.each([
    ['a node without codes', ['chapter', 'Q99-Q98'], /Q99-Q98.*(near it|the chapters are)/],
    ['a head that does not exist', ['chapter', 'A', '--heads', 'cls,per-ICD'], /finetune\.head\.kind/],
    ['a setting that does not exist', ['chapter', 'A', '--set', 'finetune.training.epoch=3'], /epoch/],
  ])('%s', async (_what, words, message) => {
    const refused = await medweave(dir, ...words, '--data', 'data', '--config', 'tiny.yaml', '--out', 'refused');
    expect([refused.code, complaint(refused)]).toEqual([2, expect.stringMatching(message)]);
    expect(exists(dir, 'refused')).toBe(false);
  });
});

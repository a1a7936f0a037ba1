/** `medweave baseline` as a user types it: a run, the same whatever the threads, that predicts; and what it refuses. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { complaint, exists, hashOf, medweave, readJson, succeed, tinyData } from './command-line.js';

let dir: string;

/** Few notes, so that few labels and terms are frequent. */
const SETTINGS = ['--config', 'tiny.yaml', '--set', 'baseline.tfidf.min_df=2', '--set', 'finetune.labels.top=20', '--set', 'baseline.thresholds.min_support=1'];
const train = (out: string, ...more: string[]): string[] => ['baseline', 'tfidf', '--data', 'data', '--out', out, ...SETTINGS, ...more];

beforeAll(async () => {
  dir = await tinyData();
  await succeed(dir, ...train('one', '--store', 'store', '--threads', '1'));
});

describe('medweave baseline', () => {
  it('writes a run with figures on dev and test, beside the published ones', () => {
    const report = readJson(dir, 'one', 'evaluation.json') as { splits: { split: string; figures: Record<string, Record<string, number>> }[]; published: Record<string, number>; text: string };
    expect(report.text).toBe('store');
    expect(report.splits.map(({ split }) => split)).toEqual(['dev', 'test']);
    for (const { figures } of report.splits) {
      expect(Object.keys(figures)).toEqual(['mimic-icd-coder', 'edin']);
      expect(Object.keys(figures['mimic-icd-coder']!)).toEqual(Object.keys(report.published));
    }
    expect((readJson(dir, 'one', 'task.json') as { thresholds: number[] }).thresholds).toHaveLength(20);
  });

  it('gives the same weights to the last bit with any number of threads', async () => {
    await succeed(dir, ...train('three', '--store', 'store', '--threads', '3'));
    for (const file of ['model.safetensors', 'terms.json', 'task.json', 'evaluation.json']) expect(hashOf(dir, 'three', file), file).toBe(hashOf(dir, 'one', file));
  });

  it('does nothing the second time', async () => {
    expect(await succeed(dir, ...train('one', '--store', 'store'))).toContain('unchanged, nothing to do: one');
  });

  it('predicts with the probabilities that it was evaluated with', async () => {
    await succeed(dir, 'predict', '--run', 'one', '--data', 'data', '--store', 'store', '--split', 'dev', '--out', 'all.jsonl');
    await succeed(dir, 'predict', '--run', 'one', '--data', 'data', '--store', 'store', '--split', 'dev', '--thresholded', '--out', 'some.tsv');
    const { labels, thresholds } = readJson(dir, 'one', 'task.json') as { labels: { code: string }[]; thresholds: number[] };
    const visits = fs.readFileSync(path.join(dir, 'all.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { visit_id: string; codes: { code: string; probability: number }[] });
    const thresholdOf = new Map(labels.map(({ code }, label) => [code, thresholds[label]!]));
    const expected = visits.flatMap(({ visit_id, codes }) => codes.filter(({ code, probability }) => probability >= thresholdOf.get(code)!).map(({ code }) => `${visit_id}\t${code.toLowerCase()}\n`));
    expect(fs.readFileSync(path.join(dir, 'some.tsv'), 'utf8')).toBe(expected.join(''));
    expect(expected.length).toBeGreaterThan(0);
  });

  it('reads the data\'s tokens without a store, and says so when a run is used otherwise than it was trained', async () => {
    await succeed(dir, ...train('tokens'));
    expect((readJson(dir, 'tokens', 'task.json') as { text: string }).text).toBe('tokens');
    expect(complaint(await medweave(dir, 'predict', '--run', 'tokens', '--data', 'data', '--store', 'store', '--out', 'x.tsv'))).toMatch(/tokens: was trained on the notes as data\/ holds them; leave --store out/);
    expect(complaint(await medweave(dir, 'predict', '--run', 'one', '--data', 'data', '--out', 'x.tsv'))).toMatch(/one: was trained on whole notes; name their store with --store/);
    expect(exists(dir, 'x.tsv')).toBe(false);
  });

  it.each([
    [['--set', 'baseline.tfidf.min_df=100000'], /no term occurs in at least 100000 of \d+ texts; lower min_df/],
    [['--set', 'baseline.tfidf.ngrams=[2, 1]'], /the shortest comes first → baseline\.tfidf\.ngrams/],
    [['--threads', '0'], /--threads 0: expected a whole number/],
    [['--store', 'raw'], /raw: expected the output of `medweave ingest`/],
  ])('refuses %j in one line, and leaves nothing behind', async (more, expected) => {
    const outcome = await medweave(dir, ...train('wrong', ...more));
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(expected);
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('wrong'))).toEqual([]);
  });

  it('is measured by medweave bench', async () => {
    const measured = JSON.parse(await succeed(dir, 'bench', 'baseline', '--notes', '60', '--words', '40', '--labels', '3', '--threads', '2', '--json')) as Record<string, number>;
    expect(measured).toMatchObject({ what: 'baseline', notes: 60, dev_notes: 6, labels: 3, unconverged: 0 });
    expect(measured['peak_memory_mib']).toBeGreaterThan(50);
  });
});

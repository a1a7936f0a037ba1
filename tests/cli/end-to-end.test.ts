/** The whole way, by the compiled command line: pre-train, fine-tune, evaluate, predict; `--json` prints one document. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exists, readJson, succeed, tinyData, WITH_TINY } from './command-line.js';

let dir: string;
const PRETRAIN = ['pretrain', '--data', 'data', ...WITH_TINY, '--out', 'pt'];
const FINETUNE = ['finetune', 'icd-coding', '--data', 'data', '--from', 'pt', ...WITH_TINY, '--out', 'ft'];
const EVALUATE = ['evaluate', '--run', 'ft', '--data', 'data', '--ceiling', 'raw', '--device', 'cpu', '--out', 'report'];

beforeAll(async () => {
  dir = await tinyData();
  await succeed(dir, ...PRETRAIN);
  await succeed(dir, ...FINETUNE);
}, 180_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('runs', () => {
  it.each(['pt', 'ft'])('%s holds what a run holds, and no more', (run) => {
    const common = ['config.yaml', 'history.jsonl', 'manifest.json', 'metrics.jsonl', 'model.safetensors', 'tokenizer.json', 'vocab.json'];
    expect(fs.readdirSync(path.join(dir, run)).sort()).toEqual([...common, ...(run === 'ft' ? ['task.json'] : [])].sort());
    expect(exists(dir, `${run}.partial`)).toBe(false);
  });

  it('carry the split and the licence of their data', () => {
    const { split_id, licence_notice } = readJson(dir, 'data', 'manifest.json');
    expect(split_id).toMatch(/^[0-9a-f]{16}$/);
    expect(licence_notice).toMatch(/\w/);
    for (const run of ['pt', 'ft']) expect(readJson(dir, run, 'manifest.json')).toMatchObject({ split_id, licence_notice });
  });

  it.each([['pretrain', PRETRAIN], ['finetune', FINETUNE]])('%s a second time does nothing and says so', async (_name, args) => {
    const before = fs.statSync(path.join(dir, args.at(-1)!, 'model.safetensors')).mtimeMs;
    expect(await succeed(dir, ...args)).toContain('nothing to do');
    expect(fs.statSync(path.join(dir, args.at(-1)!, 'model.safetensors')).mtimeMs).toBe(before);
  });

  it.each([['pretrain', PRETRAIN], ['finetune', FINETUNE]])('%s by the config.yaml of its run is the same request', async (_name, args) => {
    const own = args.map((word) => (word === 'tiny.yaml' ? path.join(args.at(-1)!, 'config.yaml') : word));
    expect(await succeed(dir, ...own)).toContain('nothing to do');
  });
});

describe('evaluate', () => {
  it('prints the model beside references and ceiling as one JSON document', async () => {
    const report = JSON.parse(await succeed(dir, ...EVALUATE, '--json')) as { rows: { name: string; figures: Record<string, Record<string, number>> }[] };
    expect(report.rows.length).toBeGreaterThanOrEqual(4);
    expect(report.rows.map(({ name }) => name).join()).toMatch(/model.*frequency.*logistic regression.*ceiling/i);
    for (const { figures } of report.rows) expect(figures['edin']!['map']).toBeGreaterThan(0);
    expect(exists(dir, 'report', 'evaluation.json')).toBe(true);
  });
});

describe('int8', () => {
  it('is a row beside the model: close to it, and not the same', async () => {
    const report = JSON.parse(await succeed(dir, ...EVALUATE.slice(0, 5), '--device', 'cpu', '--no-references', '--int8', '--out', 'report8', '--json')) as { rows: { name: string; figures: Record<string, Record<string, number>> }[] };
    expect(report.rows.map(({ name }) => name)).toEqual(['model', 'model, int8']);
    const [map, map8] = report.rows.map(({ figures }) => figures['edin']!['map']!);
    expect(Math.abs(map8! - map!)).toBeLessThan(0.05);
    expect(report.rows[1]!.figures).not.toEqual(report.rows[0]!.figures);
  });
});

describe('predict', () => {
  const predict = (file: string, ...more: string[]): Promise<string> => succeed(dir, 'predict', '--run', 'ft', '--data', 'data', '--device', 'cpu', '--out', file, ...more);
  const lines = (file: string): string[] => fs.readFileSync(path.join(dir, file), 'utf8').trimEnd().split('\n');

  it('writes the same ranking as .tsv, .jsonl and .csv', async () => {
    for (const file of ['p.tsv', 'p.jsonl', 'p.csv']) await predict(file, '--top', '7');
    const tsv = lines('p.tsv').map((line) => line.split('\t'));
    const json = lines('p.jsonl').map((line) => JSON.parse(line) as { visit_id: string; codes: { code: string; probability: number }[] });
    const csv = lines('p.csv').slice(1).map((line) => line.split(','));
    const expected = json.flatMap(({ visit_id, codes }) => codes.map(({ code }) => [visit_id, code]));
    expect(csv.map(([visit, , code]) => [visit, code])).toEqual(expected);
    expect(tsv).toEqual(expected.map(([visit, code]) => [visit, code!.toLowerCase()]));
    for (const { codes } of json) {
      expect(codes).toHaveLength(7);
      expect(codes.map(({ probability }) => probability)).toEqual(codes.map(({ probability }) => probability).sort((a, b) => b - a));
    }
  });
});

describe('--json prints one JSON document and nothing else', () => {
  it.each([
    ['ontology', ['ontology', 'icd9cm', '250.00', '--json']],
    ['devices', ['devices', '--json']],
    ['score', ['score', 'codiesp-d', '--gold', 'gold.tsv', '--pred', 'pred.tsv', '--json']],
    ['prepare', ['prepare', '--store', 'store', '--config', 'tiny.yaml', '--out', 'data', '--json']],
    ['pretrain', [...PRETRAIN, '--json']],
  ])('%s', async (_name, args) => {
    fs.writeFileSync(path.join(dir, 'gold.tsv'), 'S0\tr52\nS0\ti10\nS1\tn18.9\n');
    fs.writeFileSync(path.join(dir, 'pred.tsv'), 'S0\tr52\nS1\ti10\n');
    expect(typeof JSON.parse(await succeed(dir, ...args))).toBe('object');
  });

  it('keeps the leading zeros of a code', async () => {
    expect(await succeed(dir, 'ontology', 'icd9proc', '0066')).toMatch(/^00\.66 → 00\.6 → 00 /);
    expect(JSON.parse(await succeed(dir, 'ontology', 'icd9proc', '0066', '--json'))).toMatchObject([{ code: '00.66' }]);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import { readTokenizer } from '../../src/dataset/index.js';
import { temporaryDirectory, writeStore } from './store-fixture.js';
import { runInProcess } from '../support/in-process.js';

const root = temporaryDirectory();
const store = path.join(root, 'store');
const out = path.join(root, 'data');
beforeAll(() => writeStore(store, [{ visit: '1', patient: 'p', text: 'fever, fever', dx: ['icd9cm 250.00'] }]));
afterAll(() => fs.rmSync(root, { recursive: true }));

const medweave = (...args: string[]) => runInProcess(['prepare', '--store', store, '--out', out, '--quiet', ...args]);

it('names a field that does not exist, exits with 2 and writes nothing', async () => {
  const { code, stderr } = await medweave('--set', 'prepare.split.sed=3');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^medweave: [^\n]*"sed"[^\n]*prepare\.split[^\n]*\n$/);
  expect(fs.existsSync(out)).toBe(false);
});

it('prints the flow as JSON, and does nothing the second time', async () => {
  const first = await medweave('--json', '--seed', '5');
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ done: true, totals: { visits: 1, dx: 1 }, flow: { splits: { train: { visits: 1 } } } });
  expect(JSON.parse((await medweave('--json', '--seed', '5')).stdout)).toMatchObject({ done: false });
});

it('takes the tokenizer of the text checkpoint, unless another is named', async () => {
  const fixture = (name: string): string => packageFile('tests', 'fixtures', 'tokenizers', name);
  const pieces = async (...args: string[]) => {
    const { stdout } = await medweave('--json', '--force', '--set', `model.text.checkpoint=${fixture('roberta')}`, ...args);
    return (JSON.parse(stdout) as { vocabularies: { word_pieces: number } }).vocabularies.word_pieces;
  };
  expect(await pieces()).toBe(readTokenizer(fixture('roberta-json/tokenizer.json')).size);
  expect(await pieces('--set', `prepare.tokenizer.from=${fixture('bert-json/tokenizer.json')}`)).toBe(readTokenizer(fixture('bert-json/tokenizer.json')).size);
});

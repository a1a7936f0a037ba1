/** `medweave mlm` from the command line, on a corpus that has notes and nothing else. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryDirectory, writeStore } from '../../dataset/store-fixture.js';
import { runInProcess } from '../../support/in-process.js';

const root = temporaryDirectory();
const at = (...parts: string[]): string => path.join(root, ...parts);
afterAll(() => fs.rmSync(root, { recursive: true }));

const CONFIG = `
prepare:
  cohort: { require: [text] }
  tokenizer: { vocabulary_size: 120 }
model:
  text: { width: 16, layers: 1, heads: 2, feed_forward: 16, window: 12, max_tokens: 24, overlap: 2 }
mlm:
  training: { batch_size: 8, epochs: 2 }
`;
const symptoms = ['fiebre', 'tos seca', 'disnea', 'dolor torácico', 'edema'];
beforeAll(async () => {
  const notes = Array.from({ length: 60 }, (_, i) => ({ visit: `v${i}`, patient: `p${i}`, text: Array.from({ length: 4 + (i % 9) }, (_, k) => symptoms[(i + k) % 5]!).join(', ') }));
  await writeStore(at('store'), notes);
  fs.writeFileSync(at('config.yaml'), CONFIG);
});

const medweave = (...args: string[]) => runInProcess([...args, '--config', at('config.yaml'), '--quiet']);

const mlm = (...args: string[]) => medweave('mlm', '--data', at('data'), '--out', at('run'), '--device', 'cpu', ...args);

it('prepares notes without codes, trains on them, and does nothing the second time', async () => {
  expect(await medweave('prepare', '--store', at('store'), '--out', at('data'))).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await mlm();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^epoch +step +train_loss +dev_loss +dev_accuracy\n1 .*\n2 .*\nbest perplexity on dev: \d+\.\d\d\nwritten: /);
  expect(fs.readdirSync(at('run')).sort()).toEqual(['config.yaml', 'history.jsonl', 'manifest.json', 'metrics.jsonl', 'model.safetensors', 'tokenizer.json', 'vocab.json']);
  expect((await mlm()).stdout).toContain('nothing to do');
  const json = JSON.parse((await mlm('--force', '--json')).stdout) as { done: boolean; best: { score: number }; dev_perplexity: number };
  expect(json.done).toBe(true);
  expect(json.dev_perplexity).toBeCloseTo(Math.exp(-json.best.score), 6);
});

it('says what is wrong in one line, and exits with 2', async () => {
  const { code, stderr } = await mlm('--set', 'mlm.masking.share=0.2');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^medweave: [^\n]*"share"[^\n]*mlm\.masking[^\n]*\n$/);
});

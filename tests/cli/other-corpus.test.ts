/** The whole way on a corpus of CodiEsp's shape with ICD-O codes: ingest to predictions of a test split that has no annotations. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { devGold, oncologyFiles, sizes } from '../records/oncology-corpus.js';
import { temporaryDir, writeFiles } from '../records/raw.js';
import { runInProcess } from '../support/in-process.js';

const tiny = `
prepare:
  tokenizer: { vocabulary_size: 300 }
  split: { by: source }
model:
  text: { width: 16, layers: 1, heads: 2, feed_forward: 16, window: 32, max_tokens: 96 }
  codes: { width: 16, layers: 1, heads: 2, feed_forward: 16 }
  reader: { width: 16 }
pretrain:
  training: { batch_size: 8, epochs: 2 }
  optimizer: { learning_rate: 0.005 }
finetune:
  inputs: [text]
  training: { batch_size: 8, epochs: 12, patience: 0 }
  optimizer: { learning_rate: 0.01 }
`;

let dir: string;

async function succeed(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runInProcess(argv);
  if (code !== 0) throw new Error(`medweave ${argv.join(' ')}: exit code ${code}\n${stderr}`);
  return stdout;
}

const at = (name: string): string => path.join(dir, name);
const linesOf = (name: string): string[][] => fs.readFileSync(at(name), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));

beforeAll(async () => {
  dir = temporaryDir();
  writeFiles(at('raw'), oncologyFiles());
  fs.writeFileSync(at('tiny.yaml'), tiny);
  fs.writeFileSync(at('gold.tsv'), devGold());
  const configured = ['--config', at('tiny.yaml'), '--quiet'];
  const device = ['--device', 'cpu'];
  await succeed('ingest', '--source', 'codiesp', '--raw', at('raw'), '--out', at('store'), '--quiet');
  await succeed('prepare', '--store', at('store'), '--out', at('data'), ...configured);
  await succeed('pretrain', '--data', at('data'), '--out', at('pretrained'), ...configured, ...device);
  await succeed('finetune', 'icd-coding', '--data', at('data'), '--from', at('pretrained'), '--out', at('run'), ...configured, ...device);
  for (const split of ['dev', 'test']) await succeed('predict', '--run', at('run'), '--data', at('data'), '--split', split, '--out', at(`${split}.tsv`), ...device);
}, 120_000);

describe('an oncology corpus with ICD-O codes', () => {
  it('has every code in the vocabulary, under a system of its own', () => {
    const { kinds } = JSON.parse(fs.readFileSync(at('data/vocab.json'), 'utf8')) as { kinds: Record<string, { system: string; code: string }[]> };
    expect(kinds['dx']!.map(({ system, code }) => `${system} ${code}`).sort()).toEqual(['8000/0', '8000/6', '8140/3', '8500/3', '8720/2', '8720/3/H'].map((code) => `other ${code}`));
    expect(kinds['px']).toEqual([]);
  });

  it('is learnt', async () => {
    const { code_check, dialects } = JSON.parse(await succeed('score', 'codiesp-d', '--gold', at('gold.tsv'), '--pred', at('dev.tsv'), '--json', '--quiet')) as {
      code_check: string;
      dialects: Record<string, { map: number }>;
    };
    expect(code_check).toBe('none');
    const { rows } = JSON.parse(await succeed('evaluate', '--run', at('run'), '--data', at('data'), '--split', 'dev', '--out', at('report'), '--device', 'cpu', '--json', '--quiet')) as {
      rows: { name: string; figures: Record<string, { map: number }> }[];
    };
    const mapOf = (name: string): number => rows.find((row) => row.name === name)!.figures['codiesp-strict']!.map;
    expect(dialects['codiesp-strict']!.map).toBeCloseTo(mapOf('model'), 6);
    expect(mapOf('model')).toBeGreaterThan(mapOf('label frequency') + 0.1);
  });

  it('gets codes for each case of a test split without annotations', () => {
    const predicted = linesOf('test.tsv');
    expect(new Set(predicted.map(([name]) => name)).size).toBe(sizes.test);
    expect(predicted).toHaveLength(6 * sizes.test);
    expect(predicted.map(([, code]) => code)).toContain('8720/3/h');
  });

  it('is coded by the combined coder with the configuration of CodiEsp, which warns that its titles are of another system', async () => {
    const small = ['--set', 'coder.mixer.epochs=20', '--set', 'coder.mixer.members=2', '--set', 'coder.folds=2'];
    await succeed('coder', '--store', at('store'), '--config', 'codiesp', ...small, '--out', at('coder'), '--device', 'cpu', '--quiet');
    await succeed('code', '--coder', at('coder'), '--store', at('store'), '--split', 'test', '--out', at('coded'), '--device', 'cpu', '--quiet');
    const predicted = linesOf('coded/D-predicted.tsv');
    expect(new Set(predicted.map(([name]) => name)).size).toBe(sizes.test);
    expect(new Set(predicted.map(([, code]) => code))).toContain('8720/3/h');
    expect(fs.existsSync(at('coded/figures.json'))).toBe(false);
    await succeed('code', '--coder', at('coder'), '--store', at('store'), '--split', 'dev', '--out', at('coded-dev'), '--device', 'cpu', '--quiet');
    const { dialects } = JSON.parse(await succeed('score', 'codiesp-d', '--gold', at('gold.tsv'), '--pred', at('coded-dev/D-predicted.tsv'), '--json', '--quiet')) as { dialects: Record<string, { f1: number }> };
    expect(dialects['codiesp-strict']!.f1).toBeGreaterThan(0.8);
  });
});

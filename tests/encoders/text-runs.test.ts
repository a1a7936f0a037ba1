/** Runs whose text encoder is no Transformer: every stage works on them, with frozen layers and the cache; Hugging Face's format is refused. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/core/safetensors.js';
import { temporaryDirectory, writeStore } from '../dataset/store-fixture.js';
import { runInProcess } from '../support/in-process.js';

const root = temporaryDirectory();
const at = (...parts: string[]): string => path.join(root, ...parts);
afterAll(() => fs.rmSync(root, { recursive: true }));

const CONFIG = `
prepare:
  codes: { min_count: 1 }
  tokenizer: { vocabulary_size: 120 }
model:
  text: { width: 12, layers: 2, heads: 2, feed_forward: 12, window: 12, max_tokens: 24, kernel: 3 }
  codes: { width: 12, layers: 1, heads: 2, feed_forward: 12, ontology_heads: 2 }
  reader: { width: 8 }
mlm: { freeze: 0, training: { batch_size: 8, epochs: 1 } }
pretrain: { head_width: 8, training: { batch_size: 8, epochs: 1 } }
finetune: { inputs: [text], training: { batch_size: 8, epochs: 1 } }
cache: { directory: ${at('cache')} }
`;
const symptoms = ['fiebre', 'tos seca', 'disnea', 'dolor torácico', 'edema'];

beforeAll(async () => {
  await writeStore(at('store'), Array.from({ length: 60 }, (_, i) => ({
    visit: `v${i}`, patient: `p${i}`, text: Array.from({ length: 4 + (i % 9) }, (_, k) => symptoms[(i + k) % 5]!).join(', '), dx: [`icd10cm A0${i % 5}.1`],
  })));
  fs.writeFileSync(at('config.yaml'), CONFIG);
  await succeed('prepare', '--store', at('store'), '--config', at('config.yaml'), '--out', at('data'));
});

const medweave = (...args: string[]) => runInProcess([...args, '--quiet']);

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await medweave(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** A stage over the data, with the text encoder of that kind. */
const stage = (encoder: string, command: string[], ...options: string[]): Promise<string> =>
  succeed(...command, '--data', at('data'), '--config', at('config.yaml'), '--device', 'cpu', '--set', `model.text.encoder=${encoder}`, ...options);

const weights = (run: string) => readSafetensors(at(run, 'model.safetensors'));

describe.each(['cnn', 'rnn'])('%s', (encoder) => {
  const run = (name: string): string => `${encoder}-${name}`;
  const text = (name: string, layer: string) => Object.fromEntries(Object.entries(weights(run(name))).filter(([path]) => path.startsWith(`bert.${layer}.`)));

  it('is trained by masked-language modelling, then pre-trained and fine-tuned with frozen layers, whose output the cache holds', async () => {
    await stage(encoder, ['mlm'], '--out', at(run('mlm')));
    await stage(encoder, ['pretrain'], '--from', at(run('mlm')), '--set', 'pretrain.freeze=1', '--out', at(run('pretrain')));
    await stage(encoder, ['finetune', 'icd-coding'], '--from', at(run('pretrain')), '--set', 'finetune.freeze=1', '--out', at(run('finetune')));
    for (const frozen of ['embeddings', 'encoder.layer.0']) {
      expect(Object.keys(text('mlm', frozen)).length).toBeGreaterThan(1);
      expect(text('finetune', frozen)).toEqual(text('mlm', frozen));
    }
    expect(text('finetune', 'encoder.layer.1')).not.toEqual(text('mlm', 'encoder.layer.1'));
    expect(await succeed('cache', '--directory', at('cache'))).toMatch(/float16/);
  });

  it('trains the same with frozen layers out of the cache as without it', async () => {
    const trained = async (name: string, ...options: string[]) => {
      await stage(encoder, ['pretrain'], '--from', at(run('mlm')), '--set', 'pretrain.freeze=2', ...options, '--out', at(run(name)));
      return weights(run(name));
    };
    expect(await trained('cached', '--set', 'cache.precision=float32')).toEqual(await trained('uncached', '--set', 'cache.enabled=false'));
  });

  it('is evaluated', async () => {
    const { rows } = JSON.parse(await succeed('evaluate', '--run', at(run('finetune')), '--data', at('data'), '--split', 'dev', '--device', 'cpu', '--out', at(run('evaluation')), '--json')) as { rows: { name: string }[] };
    expect(rows[0]!.name).toBe('model');
  });

  it('gives vectors of texts', async () => {
    fs.writeFileSync(at('texts.txt'), `fiebre, tos seca\n${symptoms.join(' ')}\n`);
    await succeed('embed', '--encoder', at(run('finetune')), '--input', at('texts.txt'), '--device', 'cpu', '--out', at(`${encoder}.jsonl`));
    const vectors = fs.readFileSync(at(`${encoder}.jsonl`), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { vector: number[] }).vector);
    expect(vectors.map(({ length }) => length)).toEqual([12, 12]);
    expect(vectors[0]).not.toEqual(vectors[1]);
  });

  it('is not exported: Hugging Face\'s format has no place for it', async () => {
    const { code, stderr } = await medweave('export', 'text-encoder', '--run', at(run('finetune')), '--out', at('exported'));
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^medweave: [^\n]*its text encoder is ${encoder}[^\n]*medweave embed[^\n]*\n$`));
    expect(fs.existsSync(at('exported'))).toBe(false);
  });

  it('cannot start from a checkpoint', async () => {
    const { code, stderr } = await medweave('pretrain', '--data', at('data'), '--config', at('config.yaml'), '--set', `model.text={encoder: ${encoder}, checkpoint: bert-base-uncased}`, '--out', at('impossible'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/model\.text\.checkpoint/);
  });
});

/** A Hugging Face checkpoint through the whole way: prepared with its tokenizer, its first layers frozen, and given back to Python's format. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import { openSafetensors, readSafetensors } from '../../src/core/safetensors.js';
import { complaint, exists, medweave, readJson, succeed, tinyStore, TINY_CONFIG } from './command-line.js';

const checkpoint = packageFile('tests', 'fixtures', 'huggingface', 'bert');
/** Chunks as long as the checkpoint's 19 positions allow, and overlapping. */
const CHUNKS = ['model.text.window=16', 'model.text.max_tokens=48', 'model.text.overlap=2'].flatMap((field) => ['--set', field]);
const from = (folder: string) => ['--config', 'frozen.yaml', '--device', 'cpu', ...CHUNKS, '--set', `model.text.checkpoint=${folder}`];
const WITH_CHECKPOINT = from(checkpoint);
const weights = (dir: string, ...names: string[]) => readSafetensors(path.join(dir, ...names, 'model.safetensors'));

let dir: string;
beforeAll(async () => {
  dir = await tinyStore();
  fs.writeFileSync(path.join(dir, 'frozen.yaml'), `${TINY_CONFIG.replace(/ +tokenizer: .*/, '')}\ncache: { directory: ${path.join(dir, 'cache')} }\n`);
  await succeed(dir, 'prepare', '--store', 'store', ...WITH_CHECKPOINT, '--out', 'data');
  await succeed(dir, 'pretrain', '--data', 'data', ...WITH_CHECKPOINT, '--set', 'pretrain.freeze=2', '--out', 'pt');
  await succeed(dir, 'finetune', 'icd-coding', '--data', 'data', '--from', 'pt', ...WITH_CHECKPOINT, '--set', 'finetune.freeze=1', '--out', 'ft');
}, 180_000);
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('a run that starts from a checkpoint', () => {
  it('has the checkpoint\'s sizes, and its frozen layers unchanged', () => {
    const [given, trained] = [readSafetensors(path.join(checkpoint, 'model.safetensors')), weights(dir, 'pt')];
    const names = Object.keys(given).filter((name) => !name.includes('position_ids'));
    const changed = names.filter((name) => !Buffer.from(trained[`bert.${name}`]!.data.buffer).equals(Buffer.from(given[name]!.data.buffer)));
    expect(changed.length).toBeGreaterThan(5);
    for (const name of changed) expect(name).toMatch(/^(encoder\.layer\.2|pooler)\./);
  });

  it('hands them on to fine-tuning, with another number of frozen layers', () => {
    const [pretrained, finetuned] = [weights(dir, 'pt'), weights(dir, 'ft')];
    const same = (name: string): boolean => Buffer.from(pretrained[name]!.data.buffer).equals(Buffer.from(finetuned[name]!.data.buffer));
    expect(same('bert.encoder.layer.0.output.dense.weight')).toBe(true);
    expect(same('bert.encoder.layer.1.output.dense.weight')).toBe(false);
  });

  it('is evaluated with its frozen layers from the cache, and gives the figures that were measured on dev in training', async () => {
    const { rows } = JSON.parse(await succeed(dir, 'evaluate', '--run', 'ft', '--data', 'data', '--split', 'dev', '--device', 'cpu', '--out', 'report', '--json')) as { rows: { name: string; figures: Record<string, Record<string, number>> }[] };
    const { dev_map } = readJson(dir, 'ft', 'manifest.json')['dev'] as Record<string, number>;
    expect(rows[0]!.figures['edin']!['map']).toBeCloseTo(dev_map!, 6);
  });

  it('gives the same weights without the cache as with a float32 cache', async () => {
    const with32 = ['--set', 'pretrain.freeze=2', '--set', 'pretrain.training.epochs=1'];
    await succeed(dir, 'pretrain', '--data', 'data', ...WITH_CHECKPOINT, ...with32, '--set', 'cache.precision=float32', '--out', 'pt32');
    await succeed(dir, 'pretrain', '--data', 'data', ...WITH_CHECKPOINT, ...with32, '--set', 'cache.enabled=false', '--out', 'ptoff');
    const bytes = (name: string) => fs.readFileSync(path.join(dir, name, 'model.safetensors'));
    expect(bytes('pt32').equals(bytes('ptoff'))).toBe(true);
  });
});

describe('medweave cache', () => {
  it('lists what the runs have kept', async () => {
    const listed = JSON.parse(await succeed(dir, 'cache', '--directory', path.join(dir, 'cache'), '--json')) as unknown;
    expect(JSON.stringify(listed)).toMatch(/float16/);
  });
});

describe('medweave export text-encoder', () => {
  it('writes what the checkpoint was, with what training changed', async () => {
    await succeed(dir, 'export', 'text-encoder', '--run', 'ft', '--out', 'encoder');
    const given = readJson(checkpoint, 'config.json');
    const written = readJson(dir, 'encoder', 'config.json');
    for (const field of ['model_type', 'hidden_size', 'num_hidden_layers', 'num_attention_heads', 'vocab_size', 'max_position_embeddings']) expect(written[field]).toEqual(given[field]);
    const stored = openSafetensors(path.join(dir, 'encoder', 'model.safetensors'));
    expect(stored.names.every((name) => /^(embeddings|encoder|pooler)\./.test(name))).toBe(true);
    expect(stored.read('encoder.layer.1.output.dense.weight').data).toEqual(weights(dir, 'ft')['bert.encoder.layer.1.output.dense.weight']!.data);
    expect(fs.existsSync(path.join(dir, 'encoder', 'tokenizer.json'))).toBe(true);
  });
});

describe('wrong input', () => {
  it.each([
    ['another checkpoint\'s vocabulary', from(packageFile('tests', 'fixtures', 'huggingface', 'roberta')), /vocabulary is not that of .*prepare/],
    ['a folder that is no checkpoint', from('./data'), /config\.json/],
    ['a window longer than the positions', [...WITH_CHECKPOINT, '--set', 'model.text.window=64', '--set', 'model.text.max_tokens=64'], /positions for 19 tokens, not for 64/],
  ])('%s: one line, exit 2, nothing left', async (_, args, message) => {
    const outcome = await medweave(dir, 'pretrain', '--data', 'data', ...args, '--out', 'wrong');
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
    expect(exists(dir, 'wrong') || exists(dir, 'wrong.partial')).toBe(false);
  });
});

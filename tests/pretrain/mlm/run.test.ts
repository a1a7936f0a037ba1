import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetuneSchema } from '../../../finetune/config.js';
import { finetune } from '../../../finetune/run.js';
import { mlmSchema } from '../../../pretrain/mlm/config.js';
import { modelLanguage, type MlmOptions } from '../../../pretrain/mlm/run.js';
import { pretrainSchema } from '../../../pretrain/config.js';
import { pretrain } from '../../../pretrain/run.js';
import { silentLogger } from '../../../src/core/log.js';
import { readSafetensors, writeSafetensors } from '../../../src/core/safetensors.js';
import { modelSchema } from '../../../src/encoders/config.js';
import { cacheConfigSchema } from '../../../src/prefix-cache/index.js';
import { readHistory } from '../../../src/training/run-files.js';
import type { StageResult } from '../../../src/training/run-stage.js';
import { expectAllClose } from '../../support/all-close.js';
import { prepareStore, temporaryDirectory, type FixtureVisit } from '../../dataset/store-fixture.js';

const dir = temporaryDirectory();
afterAll(() => fs.rmSync(dir, { recursive: true }));

const words = ['fiebre', 'tos', 'disnea', 'edema', 'dolor', 'masa', 'anemia', 'ictericia'];
/** A note says one word over and over: what stands at a masked place can be read off any other. Only the first have a code. */
const visits: FixtureVisit[] = Array.from({ length: 96 }, (_, i) => ({
  visit: `v${i}`,
  patient: `p${i}`,
  split: i < 64 ? (i < 8 ? 'train' : 'background') : 'dev',
  text: new Array<string>(5 + (i % 7)).fill(words[i % words.length]!).join(' '),
  ...(i < 8 || i >= 64 ? { dx: [`icd10cm A0${i % 5}.1`] } : {}),
}));

const model = modelSchema.parse({
  text: { width: 24, layers: 2, heads: 2, feed_forward: 24, window: 8, max_tokens: 16, dropout: 0 },
  codes: { width: 12, layers: 1, heads: 2, feed_forward: 12, ontology_heads: 2 },
  reader: { width: 12 },
});
const cache = cacheConfigSchema.parse({});
let data: string;
beforeAll(async () => {
  data = (await prepareStore(dir, visits, { split: { by: 'source' }, tokenizer: { vocabulary_size: 100 } })).out;
});

interface Changes {
  mlm?: object;
  stopped?: boolean;
  resume?: boolean;
}

const request = (name: string, { mlm = {}, stopped = false, resume = false }: Changes = {}): MlmOptions => ({
  data, out: path.join(dir, name), seed: 3, device: 'cpu', resume, force: false, log: silentLogger(),
  signal: stopped ? AbortSignal.abort() : new AbortController().signal,
  config: { model, cache, mlm: mlmSchema.parse({ training: { batch_size: 8, epochs: 2, checkpoint_every: 3 }, ...mlm }) },
});
const train = (name: string, changes?: Changes): Promise<StageResult> => modelLanguage(request(name, changes));
const metricsOf = (name: string): Record<string, number>[] => readHistory(path.join(dir, name)).map(({ metrics }) => metrics);
const weights = (name: string) => readSafetensors(path.join(dir, name, 'model.safetensors'));

/** A rate that moves nothing: what a stage starts from is what it ends with. */
const motionless = { optimizer: { learning_rate: 1e-30 } };
const brief = { batch_size: 8, epochs: 1 };

describe('masked-language modelling', () => {
  it('learns what a masked word must be, from notes of which most have no codes', async () => {
    const { history, best } = await train('learnt', { mlm: { training: { batch_size: 8, epochs: 45 }, optimizer: { learning_rate: 0.01 } } });
    // Before it has learnt anything, a word is one of eight.
    expect(history[0]!.metrics['dev_loss']).toBeGreaterThan(1);
    expect(-best!.score).toBeLessThan(0.05);
    expect(history.at(-1)!.metrics['dev_accuracy']).toBeGreaterThan(0.98);
  }, 120_000);

  it('stopped after each of its first steps and resumed, ends with the weights of an uninterrupted run', async () => {
    await train('straight');
    for (let stop = 0; stop < 3; stop++) expect((await train('resumed', { stopped: true, resume: stop > 0 })).finished).toBe(false);
    await train('resumed', { resume: true });
    expect(weights('resumed')).toEqual(weights('straight'));
    expect(metricsOf('resumed')).toEqual(metricsOf('straight'));
  });

  it('holds the encoder and the head under Hugging Face\'s names, the pooler as it was', async () => {
    const names = Object.keys(weights('straight'));
    expect(names.filter((name) => !name.startsWith('bert.')).sort()).toEqual(
      ['bias', 'transform.LayerNorm.bias', 'transform.LayerNorm.weight', 'transform.dense.bias', 'transform.dense.weight'].map((name) => `cls.predictions.${name}`),
    );
    await train('untrained', { mlm: motionless });
    const [before, after] = [weights('untrained'), weights('straight')];
    expect(names.filter((name) => String(before[name]!.data) === String(after[name]!.data)).sort()).toEqual(['bert.pooler.dense.bias', 'bert.pooler.dense.weight']);
  });
});

describe('with frozen layers', () => {
  beforeAll(() => train('still', { mlm: motionless }));

  it.each([0, 1])('freeze %i computes what the whole model does', async (freeze) => {
    await train(`still-${freeze}`, { mlm: { ...motionless, freeze } });
    const [frozen, whole] = [metricsOf(`still-${freeze}`), metricsOf('still')];
    expect(frozen).toHaveLength(2);
    frozen.forEach((metrics, epoch) => {
      for (const [name, value] of Object.entries(metrics)) expect(value, name).toBeCloseTo(whole[epoch]![name]!, 4);
    });
  });

  it('changes the layers above and the head only', async () => {
    await train('frozen', { mlm: { freeze: 1 } });
    const [before, after] = [weights('still-1'), weights('frozen')];
    expect(Object.keys(after).sort()).toEqual(Object.keys(weights('straight')).sort());
    const changed = Object.keys(after).filter((name) => String(before[name]!.data) !== String(after[name]!.data));
    expect(changed.length).toBe(16 + 5);
    expect(changed.filter((name) => !/^(bert\.encoder\.layer\.1|cls)\./.test(name))).toEqual([]);
  });

  it('refuses to freeze everything', async () => {
    await expect(train('all', { mlm: { freeze: 2 } })).rejects.toThrow(/mlm\.freeze.*at most 1/);
  });
});

function expectEqual(name: string, from: string, wanted: (path: string) => boolean): string[] {
  const [actual, expected] = [weights(name), weights(from)];
  const paths = Object.keys(expected).filter(wanted);
  for (const label of paths) expectAllClose(actual[label]!.data, expected[label]!.data, { rtol: 0, atol: 1e-20, label });
  return paths;
}

describe('what comes after', () => {
  const from = path.join(dir, 'straight');
  const ofEncoder = (name: string): boolean => name.startsWith('bert.');

  it('pre-training starts from its encoder, the pooler with it', async () => {
    await pretrain({ ...request('pretrained'), from, config: { model: modelSchema.parse({}), pretrain: pretrainSchema.parse({ ...motionless, training: brief, head_width: 4 }), cache } });
    expect(expectEqual('pretrained', 'straight', ofEncoder)).toHaveLength(5 + 2 * 16 + 2);
    expect(Object.keys(weights('pretrained')).filter((name) => name.startsWith('cls.'))).toEqual([]);
  });

  it('so does fine-tuning', async () => {
    await finetune({ task: 'icd-coding', ...request('fine-tuned'), from, config: { model: modelSchema.parse({}), finetune: finetuneSchema.parse({ ...motionless, training: brief, inputs: ['text'] }), cache } });
    expectEqual('fine-tuned', 'straight', ofEncoder);
  });
});

describe('a Hugging Face checkpoint', () => {
  /** A run's encoder and head in Hugging Face's format, whose names they have. */
  function checkpointOf(run: string, name: string, wanted: (path: string) => boolean): string {
    const folder = path.join(dir, name);
    fs.mkdirSync(folder);
    const { width, layers, heads, feed_forward } = model.text;
    const shape = { hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads, intermediate_size: feed_forward };
    const tensors = weights(run);
    const vocab_size = tensors['cls.predictions.bias']!.shape[0];
    fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ model_type: 'bert', ...shape, max_position_embeddings: 8, vocab_size }));
    fs.copyFileSync(path.join(dir, run, 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
    writeSafetensors(path.join(folder, 'model.safetensors'), Object.fromEntries(Object.entries(tensors).filter(([path]) => wanted(path))));
    return folder;
  }
  const trainFrom = (checkpoint: string, name: string): Promise<StageResult> => {
    const { config, ...rest } = request(name, { mlm: { ...motionless, training: brief } });
    return modelLanguage({ ...rest, config: { ...config, model: { ...model, text: { ...model.text, checkpoint } } } });
  };

  it('lends its head where it has one', async () => {
    await trainFrom(checkpointOf('straight', 'checkpoint', () => true), 'continued');
    expectEqual('continued', 'straight', () => true);
  });

  it('without a head, or a pooler, gets new ones: a bias that knows how frequent words are', async () => {
    await trainFrom(checkpointOf('straight', 'headless', (name) => /^bert\.(?!pooler)/.test(name)), 'begun');
    expectEqual('begun', 'straight', (name) => /^bert\.(?!pooler)/.test(name));
    const shares = Array.from(weights('begun')['cls.predictions.bias']!.data, Math.exp);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(shares.filter((share) => share > 0.05)).toHaveLength(words.length);
  });
});

describe('a corpus', () => {
  it('must have notes to stop by', async () => {
    const { out } = await prepareStore(path.join(dir, 'no-dev'), visits.filter(({ split }) => split !== 'dev'), { split: { by: 'source' }, tokenizer: { vocabulary_size: 100 } });
    await expect(modelLanguage({ ...request('no-dev-run'), data: out })).rejects.toThrow(/no visit of the dev split has text.*prepare\.split/);
  });
});

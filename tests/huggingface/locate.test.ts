import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AutoConfig, env, ModelRegistry } from '@xenova/transformers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { loadTextEncoder } from '../../src/huggingface/load.js';
import { locateCheckpoint } from '../../src/huggingface/locate.js';
import { checkpoint, temporaryFolder, type CHECKPOINTS } from './fixtures.js';
import { startStandInHub, type StandInHub } from './stand-in-hub.js';

const log = silentLogger();
const locate = (name: string, revision?: string): Promise<string> => locateCheckpoint(name, { log, revision });

let hub: StandInHub;
let home: string;

beforeEach(async () => {
  hub = await startStandInHub();
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-hub-'));
  env.cacheDir = path.join(home, 'package');
  for (const name of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_TOKEN', 'HF_ACCESS_TOKEN']) vi.stubEnv(name, undefined);
  vi.stubEnv('HF_HOME', path.join(home, 'python'));
  vi.stubEnv('HF_ENDPOINT', hub.address);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  fs.rmSync(home, { recursive: true });
});

/** Puts a checkpoint on the hub. */
function offer(fixture: (typeof CHECKPOINTS)[number], name: string, { revision = 'main', folder = '' } = {}): void {
  for (const file of fs.readdirSync(checkpoint(fixture))) {
    hub.files[`${name}/resolve/${revision}/${path.posix.join(folder, file)}`] = fs.readFileSync(path.join(checkpoint(fixture), file));
  }
}

/** Puts a checkpoint into Python's cache, as huggingface_hub lays it out. */
function inPythonsCache(fixture: (typeof CHECKPOINTS)[number], name: string, leaveOut: readonly string[] = []): string {
  const repository = path.join(home, 'python', 'hub', `models--${name.replace('/', '--')}`);
  const snapshot = path.join(repository, 'snapshots', 'a1b2c3');
  fs.mkdirSync(path.join(repository, 'refs'), { recursive: true });
  fs.writeFileSync(path.join(repository, 'refs', 'main'), 'a1b2c3');
  fs.cpSync(checkpoint(fixture), snapshot, { recursive: true, filter: (file) => !leaveOut.includes(path.basename(file)) });
  return snapshot;
}

const filesIn = (dir: string): string[] => (fs.existsSync(dir) ? fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).sort() : []);

describe('a folder', () => {
  it('is itself, and needs no network', async () => {
    expect(await locate(checkpoint('bert'))).toBe(checkpoint('bert'));
    expect(hub.requests).toEqual([]);
  });

  it('of sentence-transformers may hold the transformer in a folder of its own', async () => {
    const dir = temporaryFolder();
    const modules = (transformerPath: string) => fs.writeFileSync(path.join(dir, 'modules.json'), JSON.stringify([{ idx: 0, name: '0', path: transformerPath, type: 'sentence_transformers.models.Transformer' }, { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' }]));
    modules('');
    expect(await locate(dir)).toBe(dir);
    modules('0_Transformer');
    expect(await locate(dir)).toBe(path.join(dir, '0_Transformer'));
    modules('../elsewhere');
    await expect(locate(dir)).rejects.toThrow(/leads out of the folder/);
    fs.writeFileSync(path.join(dir, 'modules.json'), '[]');
    await expect(locate(dir)).rejects.toThrow(/names no module of type/);
  });

  it.each(['./no/such/folder', '/no/such/folder', 'a/b/c', '..', 'a--b', 'C:\\models\\bert'])('that is not there (%s) is not taken for a name', async (text) => {
    await expect(locate(text === '..' ? '../no-such' : text)).rejects.toThrow(/no such folder, and not a name on the Hugging Face hub/);
    expect(hub.requests).toEqual([]);
  });

  it('is not a file', async () => {
    await expect(locate(path.join(checkpoint('bert'), 'config.json'))).rejects.toThrow(/is a file; give the folder/);
  });
});

describe('a name on the hub', () => {
  it("is downloaded into the package's cache, once", async () => {
    offer('bert', 'clinic/tiny');
    const dir = await locate('clinic/tiny');
    expect(dir).toBe(path.join(home, 'package', 'clinic', 'tiny'));
    expect(filesIn(dir)).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(loadTextEncoder(dir)).toEqual(loadTextEncoder(checkpoint('bert')));
    const before = hub.requests.length;
    expect(await locate('clinic/tiny')).toBe(dir);
    expect(hub.requests).toHaveLength(before);
  });

  it('is then found by the package, too', async () => {
    offer('bert', 'clinic/shared');
    await locate('clinic/shared');
    expect(await ModelRegistry.get_file_metadata('clinic/shared', 'model.safetensors', { local_files_only: true })).toMatchObject({ exists: true, fromCache: true });
    expect((await AutoConfig.from_pretrained('clinic/shared', { local_files_only: true })).model_type).toBe('bert');
  });

  it.each([
    ['vocab.txt', ['vocab.txt']],
    ['vocab.json and merges.txt', ['vocab.json', 'merges.txt']],
    ['a SentencePiece model', ['sentencepiece.bpe.model']],
  ])('may have its tokenizer as %s', async (_, files) => {
    offer('bert', 'clinic/old');
    delete hub.files['clinic/old/resolve/main/tokenizer.json'];
    for (const file of [...files, 'special_tokens_map.json']) hub.files[`clinic/old/resolve/main/${file}`] = Buffer.from('x');
    expect(filesIn(await locate('clinic/old'))).toEqual(['config.json', 'model.safetensors', 'special_tokens_map.json', ...files].sort());
  });

  it('may come in shards', async () => {
    offer('sharded', 'clinic/sharded');
    expect(loadTextEncoder(await locate('clinic/sharded'))).toEqual(loadTextEncoder(checkpoint('sharded')));
  });

  it('may have a revision, by either way of saying so', async () => {
    offer('bert', 'clinic/revised', { revision: 'refs%2Fpr%2F3' });
    const dir = await locate('clinic/revised@refs/pr/3');
    expect(dir).toBe(path.join(home, 'package', 'clinic', 'revised', 'refs/pr/3'));
    expect(await locate('clinic/revised', 'refs/pr/3')).toBe(dir);
    await expect(locate('clinic/revised')).rejects.toThrow(/has no config\.json for it \(revision main\)/);
  });

  it('may be a sentence-transformers model', async () => {
    offer('bert', 'clinic/sentences', { folder: '0_Transformer' });
    hub.files['clinic/sentences/resolve/main/modules.json'] = Buffer.from(JSON.stringify([{ path: '0_Transformer', type: 'sentence_transformers.models.Transformer' }]));
    const dir = await locate('clinic/sentences');
    expect(dir).toBe(path.join(home, 'package', 'clinic', 'sentences', '0_Transformer'));
    expect(await locate('clinic/sentences')).toBe(dir);
  });

  it("is taken from Python's cache when it is there, which is not written to", async () => {
    const snapshot = inPythonsCache('roberta', 'clinic/known');
    expect(await locate('clinic/known')).toBe(snapshot);
    expect(await locate('clinic/known', 'a1b2c3')).toBe(snapshot);
    expect(hub.requests).toEqual([]);
    vi.stubEnv('HF_HUB_CACHE', path.join(home, 'other'));
    await expect(locate('clinic/known')).rejects.toThrow(/has no config\.json/);
  });

  it("is downloaded when Python's cache has it in part", async () => {
    inPythonsCache('bert', 'clinic/partial', ['tokenizer.json']);
    offer('bert', 'clinic/partial');
    expect(await locate('clinic/partial')).toBe(path.join(home, 'package', 'clinic', 'partial'));
  });

  it('is asked for with the token of the environment', async () => {
    offer('bert', 'clinic/private');
    vi.stubEnv('HF_TOKEN', 'hf_secret');
    await locate('clinic/private');
    expect(new Set(hub.authorizations)).toEqual(new Set(['Bearer hf_secret']));
  });
});

describe('a name that cannot be had', () => {
  it('because the connection breaks leaves no file that could be taken for good, and comes the next time', async () => {
    offer('bert', 'clinic/cut');
    const weights = 'clinic/cut/resolve/main/model.safetensors';
    hub.files[weights] = { cut: hub.files[weights] as Buffer };
    const dir = path.join(home, 'package', 'clinic', 'cut');
    await expect(locate('clinic/cut')).rejects.toThrow(/the download of model\.safetensors from http.* broke off \(.*\); run the command again/);
    expect(filesIn(dir)).toEqual(['config.json', 'tokenizer.json']);
    fs.writeFileSync(path.join(dir, 'model.safetensors.tmp-1'), 'half a file of a killed process');
    offer('bert', 'clinic/cut');
    expect(loadTextEncoder(await locate('clinic/cut'))).toEqual(loadTextEncoder(checkpoint('bert')));
  });

  it('because there is no such model', async () => {
    await expect(locate('clinic/none')).rejects.toThrow(`clinic/none: ${hub.address}/ has no config.json for it (revision main); check the name (there is no folder of that name either)`);
  });

  it.each([
    [401, /answers 401; check the name .*, or, for a private or gated model, set HF_TOKEN/],
    [403, /answers 403; the model is gated: accept its conditions on its page/],
    [503, /answers 503; try again later/],
  ])('because the hub answers %d', async (status, message) => {
    hub.files['clinic/closed/resolve/main/modules.json'] = status;
    await expect(locate('clinic/closed')).rejects.toThrow(message);
    expect(filesIn(path.join(home, 'package'))).toEqual([]);
  });

  it('because there is no network: names the files that are missing', async () => {
    inPythonsCache('bert', 'clinic/far', ['tokenizer.json', 'model.safetensors']);
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    await expect(locate('clinic/far')).rejects.toThrow(/^clinic\/far: is no folder here; http:\/\/127\.0\.0\.1:9\/ cannot be reached \(.+\); missing: model\.safetensors, tokenizer\.json \(or vocab\.txt\) \(in .*snapshots\/a1b2c3\); download them elsewhere and give their folder$/);
  });

  it.each(['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'])('because %s is set: no request is sent', async (variable) => {
    offer('bert', 'clinic/offline');
    vi.stubEnv(variable, '1');
    await expect(locate('clinic/offline')).rejects.toThrow(/not downloaded, since HF_HUB_OFFLINE .* missing: config\.json, model\.safetensors, tokenizer\.json \(or vocab\.txt\)/);
    expect(hub.requests).toEqual([]);
  });

  it('because its architecture is not supported: before the weights come', async () => {
    offer('bert', 'clinic/electra');
    hub.files['clinic/electra/resolve/main/config.json'] = Buffer.from('{"model_type": "electra"}');
    await expect(locate('clinic/electra')).rejects.toThrow(/model type electra is not supported/);
    expect(hub.requests.some((request) => request.includes('safetensors'))).toBe(false);
  });

  it('because its weights are not safetensors: says how to convert them', async () => {
    offer('bert', 'clinic/pickled');
    delete hub.files['clinic/pickled/resolve/main/model.safetensors'];
    hub.files['clinic/pickled/resolve/main/pytorch_model.bin'] = Buffer.from('pickle');
    await expect(locate('clinic/pickled')).rejects.toThrow(/only as pytorch_model\.bin; download and convert them once, then give the folder pickled \(pip install .*\): python -c ".*snapshot_download\('clinic\/pickled', local_dir='pickled'/);
    expect(hub.requests.filter((request) => request.endsWith('.bin'))).toEqual(['HEAD /clinic/pickled/resolve/main/pytorch_model.bin']);
  });

  it("because Python's cache has it, but not as safetensors: converts what is there", async () => {
    const snapshot = inPythonsCache('bert', 'clinic/cached', ['model.safetensors']);
    fs.writeFileSync(path.join(snapshot, 'pytorch_model.bin'), 'pickle');
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(locate('clinic/cached')).rejects.toThrow(`d, w = '${snapshot}', {};`);
  });

  it('because a shard is not there', async () => {
    offer('sharded', 'clinic/gap');
    delete hub.files['clinic/gap/resolve/main/model-00002-of-00002.safetensors'];
    await expect(locate('clinic/gap')).rejects.toThrow(/has no shard model-00002-of-00002\.safetensors/);
    await expect(locate('clinic/gap')).rejects.toThrow(/has no shard/);
  });
});

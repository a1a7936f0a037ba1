/** Space, configuration and hashes. */
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config.js';
import { cacheBytes, cacheConfigSchema, cacheDirectory, checkSpace, chunkId, tensorsHash } from '../../src/prefix-cache/index.js';
import { filesIn, idOf, openCache, range, temporaryDirectory, tokensOf, WIDTH, writeChunks } from './caches.js';
import fs from 'node:fs';

const GIB = 2 ** 30;

describe('space', () => {
  const disk = (bytes: number) => () => ({ bavail: bytes / 4096, bsize: 4096, blocks: 10 * GIB });

  it('leaves one GiB', () => {
    const directory = temporaryDirectory();
    expect(() => checkSpace({ directory, bytesNeeded: 4 * GIB, statfs: disk(5 * GIB) })).not.toThrow();
    expect(() => checkSpace({ directory, bytesNeeded: 4 * GIB + 1, statfs: disk(5 * GIB) })).toThrow(
      /needs 4\.0 GiB \(and 1\.0 GiB to spare\), 5\.0 GiB are free; choose another cache\.directory, .*max_tokens, or cache\.enabled: false/,
    );
  });

  it('needs none when nothing is left to write', () => {
    expect(() => checkSpace({ directory: temporaryDirectory(), bytesNeeded: 0, statfs: disk(0) })).not.toThrow();
  });

  it('asks the disk that a folder not made yet will be on', () => {
    const directory = temporaryDirectory();
    const asked: string[] = [];
    checkSpace({ directory: path.join(directory, 'a', 'b'), bytesNeeded: 1, statfs: (folder) => (asked.push(folder), disk(2 * GIB)()) });
    expect(asked).toEqual([directory]);
  });

  it('takes a file system of unknown size to have room', () => {
    expect(() => checkSpace({ directory: temporaryDirectory(), bytesNeeded: GIB, statfs: () => ({ bavail: 0, bsize: 4096, blocks: 0 }) })).not.toThrow();
  });

  it('is what the files then take', () => {
    const cache = openCache(temporaryDirectory());
    writeChunks(cache, range(0, 20));
    cache.close();
    const size = [...filesIn(cache.folder, '.segment'), ...filesIn(cache.folder, '.index')].reduce((sum, file) => sum + fs.statSync(file).size, 0);
    const tokens = range(0, 20).reduce((sum, chunk) => sum + tokensOf(chunk), 0);
    expect(size - 32).toBe(cacheBytes({ chunks: 20, tokens, width: WIDTH, precision: 'float32' }));
    expect(cacheBytes({ chunks: 3, tokens: 100, width: 5, precision: 'float16' })).toBe(3 * 80 + 1000);
  });
});

describe('configuration', () => {
  it('caches in half precision unless told otherwise', () => {
    expect(parseConfig(cacheConfigSchema, {}, 'cache')).toEqual({ enabled: true, precision: 'float16' });
    expect(() => parseConfig(cacheConfigSchema, { precision: 'int8' }, 'cache')).toThrow(/cache: ✖ .*precision/);
    expect(() => parseConfig(cacheConfigSchema, { folder: 'x' }, 'cache')).toThrow(/folder/);
  });

  it('finds the directory: configured, MEDWEAVE_CACHE, XDG_CACHE_HOME, home', () => {
    const env = { MEDWEAVE_CACHE: '/m', XDG_CACHE_HOME: '/x' };
    expect(cacheDirectory('/c', env)).toBe(path.resolve('/c'));
    expect(cacheDirectory(undefined, env)).toBe(path.resolve('/m'));
    expect(cacheDirectory(undefined, { ...env, MEDWEAVE_CACHE: '' })).toBe(path.resolve('/x/medweave'));
    expect(cacheDirectory(undefined, {})).toBe(path.join(os.homedir(), '.cache', 'medweave'));
    expect(cacheDirectory('~/here', {})).toBe(path.join(os.homedir(), 'here'));
    expect(cacheDirectory('~here', {})).toBe(path.resolve('~here'));
  });
});

describe('hashes', () => {
  it('of a chunk depend on every token and on nothing else', () => {
    const tokens = Int32Array.of(2, 10, 11, 3);
    expect(chunkId(tokens)).toHaveLength(16);
    expect(chunkId(Int32Array.of(9, 2, 10, 11, 3).subarray(1))).toEqual(chunkId(tokens));
    const others = [[2, 10, 11], [2, 11, 10, 3], [2, 10, 11, 3, 0], [2, 10, 11, 4]].map((ids) => Buffer.from(chunkId(Int32Array.from(ids))).toString('hex'));
    expect(new Set([...others, Buffer.from(chunkId(tokens)).toString('hex')]).size).toBe(5);
    expect(idOf(1)).not.toEqual(idOf(2));
  });

  it('of weights depend on names, shapes, types and values, not on the order of names', () => {
    const a = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const b = { shape: [1], data: Float32Array.of(7) };
    const hash = tensorsHash({ a, b });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(tensorsHash({ b, a })).toBe(hash);
    const others = [{ a: b, b: a }, { a: { ...a, shape: [3, 2] }, b }, { a: { ...a, data: a.data.with(5, 6.5) }, b }, { a: { ...a, data: new Int32Array(a.data.buffer) }, b }, { a }];
    expect(new Set([hash, ...others.map((tensors) => tensorsHash(tensors as never))]).size).toBe(6);
  });
});

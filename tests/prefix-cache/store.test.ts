/** What is written comes back, in this cache and in none other; a disk that refuses does not end a run. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromHalf, halfValues, toHalf } from '../../src/prefix-cache/half.js';
import { expectAllClose } from '../support/all-close.js';
import { filesIn, idOf, KEY, openCache, range, readBack, readChunk, temporaryDirectory, tokensOf, valuesOf, WIDTH, writeChunks } from './caches.js';

afterEach(() => void vi.restoreAllMocks());

/** What float16 keeps of values. */
function rounded(values: Float32Array): Float32Array {
  const [halves, out] = [new Uint16Array(values.length), new Float32Array(values.length)];
  toHalf(values, halves);
  fromHalf(halves, halfValues(), out);
  return out;
}

describe('round trip', () => {
  it('float32 is exact, before and after reopening, over several segments', () => {
    const directory = temporaryDirectory();
    const cache = openCache(directory, { segmentBytes: 1000 });
    expect(cache.has(idOf(0))).toBe(false);
    expect(readChunk(cache, 0)).toBeUndefined();
    expect(writeChunks(cache, range(0, 50))).toEqual(range(0, 50).map(() => true));
    expect(readBack(cache, range(0, 60))).toEqual(range(0, 50));
    cache.close();
    const again = openCache(directory);
    expect(readBack(again, range(0, 60))).toEqual(range(0, 50));
    const values = range(0, 50).reduce((sum, chunk) => sum + tokensOf(chunk) * WIDTH, 0);
    expect(again.counts()).toEqual({ entries: 50, bytes: 50 * 48 + 4 * values, damaged: 0, writable: true });
    expect(filesIn(again.folder, '.segment').length).toBeGreaterThan(10);
    expect(filesIn(again.folder, '.segment').every((file) => fs.statSync(file).size <= 1000)).toBe(true);
    again.close();
  });

  it('float16 rounds to nearest', () => {
    const cache = openCache(temporaryDirectory(), { precision: 'float16' });
    writeChunks(cache, [4]);
    expect(readChunk(cache, 4)).toEqual(rounded(valuesOf(4)));
    expectAllClose(readChunk(cache, 4)!, valuesOf(4), { rtol: 2 ** -11, atol: 2 ** -25 });
    expect(cache.counts().bytes).toBe(48 + 2 * 11 * WIDTH);
    cache.close();
  });

  it('float16 keeps chunks with values beyond its range as float32', () => {
    const cache = openCache(temporaryDirectory(), { precision: 'float16' });
    const outlier = valuesOf(1).fill(-70_000.125, 4, 5);
    cache.write(idOf(1), outlier);
    expect(readChunk(cache, 1)).toEqual(outlier);
    cache.close();
  });

  it('keeps what is not a number', () => {
    const cache = openCache(temporaryDirectory(), { precision: 'float16' });
    const odd = valuesOf(0).fill(0);
    odd.set([NaN, Infinity, -Infinity, -0]);
    cache.write(idOf(0), odd);
    expect(readChunk(cache, 0)).toEqual(odd);
    cache.close();
  });

  it('reads and writes parts of a batch', () => {
    const cache = openCache(temporaryDirectory());
    const batch = new Float32Array(100 * WIDTH);
    batch.set(valuesOf(2), 13 * WIDTH);
    const part = batch.subarray(13 * WIDTH, 18 * WIDTH);
    cache.write(idOf(2), part);
    const target = new Float32Array(100 * WIDTH);
    expect(cache.read(idOf(2), target.subarray(29 * WIDTH, 34 * WIDTH))).toBe(true);
    expect(target.subarray(29 * WIDTH, 34 * WIDTH)).toEqual(valuesOf(2));
    expect(target.filter((value) => value !== 0)).toHaveLength(5 * WIDTH);
    cache.close();
  });

  it('holds for any order of writes, reads, rewrites and reopenings', () => {
    const parent = temporaryDirectory();
    const step = fc.record({ action: fc.constantFrom('read', 'write', 'reopen'), chunk: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 100, max: 3000 }), (steps, segmentBytes) => {
        const directory = fs.mkdtempSync(path.join(parent, 'order-'));
        let cache = openCache(directory, { segmentBytes });
        const written = new Set<number>();
        const actions: Record<string, (chunk: number) => void> = {
          write: (chunk) => (writeChunks(cache, [chunk]), written.add(chunk)),
          read: (chunk) => expect(readBack(cache, [chunk])).toEqual(written.has(chunk) ? [chunk] : []),
          reopen: () => (cache.close(), (cache = openCache(directory, { segmentBytes }))),
        };
        for (const { action, chunk } of steps) actions[action]!(chunk);
        expect(cache.counts()).toMatchObject({ entries: written.size, damaged: 0 });
        cache.close();
      }),
      { numRuns: 30 },
    );
  });

  it('refuses what is not [tokens, width] or has no id of 16 bytes', () => {
    const cache = openCache(temporaryDirectory());
    expect(() => cache.write(idOf(1), new Float32Array(WIDTH + 1))).toThrow(/expected \[tokens, 7\] values .* got 8/);
    expect(() => cache.read(idOf(1), new Float32Array(0))).toThrow(/got 0/);
    expect(() => cache.read(new Uint8Array(8), new Float32Array(WIDTH))).toThrow(/an id has 16 bytes, got 8/);
    cache.close();
  });
});

describe('what a cache is for', () => {
  it.each([
    ['weights', { key: { ...KEY, weights: 'ab' } }],
    ['number of frozen layers', { key: { ...KEY, frozen_layers: 2 } }],
    ['tokenizer', { key: { ...KEY, tokenizer: 'bc' } }],
    ['precision', { precision: 'float16' as const }],
  ])('another %s never sees the entries', (_, options) => {
    const directory = temporaryDirectory();
    const cache = openCache(directory);
    writeChunks(cache, [1]);
    cache.close();
    const other = openCache(directory, options);
    expect(other.folder).not.toBe(cache.folder);
    expect(readBack(other, [1])).toEqual([]);
    other.close();
  });

  it('the order of the key does not matter, nor does the label', () => {
    const directory = temporaryDirectory();
    const { frozen_layers, ...rest } = KEY;
    const [one, other] = [openCache(directory), openCache(directory, { key: { frozen_layers, ...rest }, label: 'an encoder' })];
    expect(other.folder).toBe(one.folder);
    one.close();
    other.close();
  });

  it('refuses a folder that was renamed, or whose cache.json is damaged', () => {
    const directory = temporaryDirectory();
    const [one, other] = [openCache(directory), openCache(directory, { key: { ...KEY, weights: 'ab' } })];
    one.close();
    other.close();
    fs.rmSync(one.folder, { recursive: true });
    fs.renameSync(other.folder, one.folder);
    expect(() => openCache(directory)).toThrow(/cache\.json: this cache is for another key .*delete it/);
    fs.writeFileSync(path.join(one.folder, 'cache.json'), '{"format": 1, "wid');
    expect(() => openCache(directory)).toThrow(/cache\.json: cannot be used .*delete the folder/);
  });
});

describe('privacy', () => {
  it('folders and files are for their owner only, and a README says what they are', () => {
    const directory = path.join(temporaryDirectory(), 'new', 'caches');
    const cache = openCache(directory);
    writeChunks(cache, [1]);
    cache.close();
    const mode = (target: string): number => fs.statSync(target).mode & 0o777;
    expect([path.dirname(directory), directory, cache.folder].map(mode)).toEqual([0o700, 0o700, 0o700]);
    const files = fs.readdirSync(cache.folder);
    expect(files.sort()).toEqual(['CACHEDIR.TAG', 'README.txt', 'cache.json', 'w0001-00001.segment', 'w0001.index']);
    expect(files.map((name) => mode(path.join(cache.folder, name)))).toEqual(files.map(() => 0o600));
    expect(fs.readFileSync(path.join(cache.folder, 'README.txt'), 'utf8')).toMatch(/deleted at any time[\s\S]*like the notes themselves/);
  });
});

describe('a disk that refuses', () => {
  const refuse = (code: string) => (): never => {
    throw Object.assign(new Error(`${code}: refused`), { code, syscall: 'write' });
  };

  it.each(['ENOSPC', 'EIO', 'EDQUOT'])('%s while writing is said once; reading goes on', (code) => {
    const directory = temporaryDirectory();
    const cache = openCache(directory);
    writeChunks(cache, [1, 2]);
    const writeSync = vi.spyOn(fs, 'writeSync').mockImplementation(refuse(code));
    expect(writeChunks(cache, [3, 4])).toEqual([false, false]);
    expect(writeSync).toHaveBeenCalledTimes(1);
    expect(cache.warnings).toEqual([expect.stringContaining(`cannot be written (${code}); going on without`)]);
    expect(readBack(cache, range(0, 5))).toEqual([1, 2]);
    expect(cache.counts()).toMatchObject({ entries: 2, writable: false });
    cache.close();
  });

  it('a record that went to disk in part is never seen', () => {
    const directory = temporaryDirectory();
    const cache = openCache(directory);
    writeChunks(cache, [1]);
    const { writeSync } = fs;
    const spy = vi.spyOn(fs, 'writeSync').mockImplementationOnce(((handle: number, bytes: Uint8Array, at: number, _length: number, position: number) => writeSync(handle, bytes, at, 20, position)) as never);
    spy.mockImplementationOnce(refuse('ENOSPC'));
    expect(writeChunks(cache, [2])).toEqual([false]);
    spy.mockRestore();
    cache.close();
    const again = openCache(directory);
    expect(readBack(again, [1, 2])).toEqual([1]);
    expect(writeChunks(again, [2])).toEqual([true]);
    expect(readBack(again, [1, 2])).toEqual([1, 2]);
    again.close();
  });

  it('writes that come in pieces are put together', () => {
    const { writeSync } = fs;
    vi.spyOn(fs, 'writeSync').mockImplementation(((handle: number, bytes: Uint8Array, at: number, length: number, position: number) => writeSync(handle, bytes, at, Math.min(length, 13), position)) as never);
    const cache = openCache(temporaryDirectory());
    writeChunks(cache, range(0, 5));
    expect(readBack(cache, range(0, 5))).toEqual(range(0, 5));
    cache.close();
  });

  it('a disk that fills up is left with a margin', () => {
    const cache = openCache(temporaryDirectory());
    const room = vi.spyOn(fs, 'statfsSync').mockReturnValue({ bavail: 2 ** 18, bsize: 4096, blocks: 2 ** 30 } as never);
    expect(writeChunks(cache, [1])).toEqual([false]);
    expect(cache.warnings).toEqual([expect.stringContaining('less than 1 GiB would be left')]);
    room.mockRestore();
    cache.close();
  });

  it('says where to put the cache when its folder cannot be made', () => {
    const directory = temporaryDirectory();
    fs.writeFileSync(path.join(directory, 'file'), '');
    expect(() => openCache(path.join(directory, 'file', 'caches'))).toThrow(/cannot be created \(ENOTDIR\); set cache\.directory/);
  });
});

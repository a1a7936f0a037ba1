/** Every kind of damage: what is damaged is missed, never wrong, and takes nothing else with it. */
import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filesIn, idOf, KEY, openCache, range, readBack, readChunk, temporaryDirectory, valuesOf, writeChunks } from './caches.js';

const CHUNKS = range(0, 20);

/** A closed cache of 20 chunks in one segment. @returns its directory, folder, segment and index */
function filledCache(directory = temporaryDirectory(), chunks = CHUNKS, options = {}) {
  const cache = openCache(directory, options);
  writeChunks(cache, chunks);
  cache.close();
  return { directory, folder: cache.folder, segment: filesIn(cache.folder, '.segment')[0]!, index: filesIn(cache.folder, '.index')[0]! };
}

function change(file: string, edit: (bytes: Buffer) => Uint8Array | void): void {
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, edit(bytes) ?? bytes);
}

/** Chunks that still read; then everything missing is written again and must be there now and after reopening. */
function survivors(directory: string, options = {}): { read: number[]; warnings: string[]; damaged: number } {
  const cache = openCache(directory, options);
  const read = readBack(cache, CHUNKS);
  const { damaged } = cache.counts();
  const warnings = [...cache.warnings];
  writeChunks(cache, CHUNKS);
  expect(readBack(cache, CHUNKS)).toEqual(CHUNKS);
  cache.close();
  const again = openCache(directory, options);
  expect(readBack(again, CHUNKS)).toEqual(CHUNKS);
  again.close();
  return { read, warnings, damaged };
}

const without = (...chunks: number[]): number[] => CHUNKS.filter((chunk) => !chunks.includes(chunk));

/** Where the record of chunk 3 lies: after those of 2, 3 and 5 tokens. */
const THIRD = 3 * 48 + (2 + 3 + 5) * 7 * 4;

describe('a segment', () => {
  it('with one bit flipped loses that record: logged once, with file and byte', () => {
    const { directory, segment } = filledCache();
    change(segment, (bytes) => void (bytes[THIRD + 60]! ^= 4));
    const { read, warnings, damaged } = survivors(directory);
    expect(read).toEqual(without(3));
    expect(damaged).toBe(1);
    expect(warnings).toEqual([expect.stringContaining(`${segment}: damaged at byte ${THIRD}: the checksum does not match`)]);
  });

  it('with any byte changed loses at most the record it is in', () => {
    const { directory, segment } = filledCache();
    const sound = fs.readFileSync(segment);
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= mask;
        fs.writeFileSync(segment, bytes);
        const cache = openCache(directory);
        expect(readBack(cache, CHUNKS)).toHaveLength(CHUNKS.length - 1);
        cache.close();
      }),
      { numRuns: 200 },
    );
  });

  it('cut short at any byte loses only what was cut', () => {
    const { directory, segment } = filledCache();
    const sound = fs.readFileSync(segment);
    for (const keep of [0, 1, 47, 48, THIRD - 1, THIRD, THIRD + 1, THIRD + 48, sound.length - 1]) {
      fs.writeFileSync(segment, sound.subarray(0, keep));
      const cache = openCache(directory);
      const read = readBack(cache, CHUNKS);
      expect(read).toEqual(range(0, read.length));
      expect(read.length).toBe(keep === sound.length - 1 ? 19 : keep >= THIRD ? 3 : keep === THIRD - 1 ? 2 : 0);
      cache.close();
    }
  });

  it('deleted is missed with one line in the log', () => {
    const { directory, segment } = filledCache();
    fs.rmSync(segment);
    const { read, warnings, damaged } = survivors(directory);
    expect(read).toEqual([]);
    expect(damaged).toBe(20);
    expect(warnings).toHaveLength(1);
  });

  it('of the same cache under the name of another is recognised', () => {
    const { directory, folder } = filledCache(temporaryDirectory(), CHUNKS, { segmentBytes: 1500 });
    const [first, second] = filesIn(folder, '.segment');
    fs.renameSync(first!, `${first}.aside`);
    fs.renameSync(second!, first!);
    fs.renameSync(`${first}.aside`, second!);
    const { read, damaged } = survivors(directory);
    expect(read.length + damaged).toBe(20);
    expect(damaged).toBeGreaterThan(2);
  });

  it('of another cache, with the same chunks in the same places, is recognised', () => {
    const directory = temporaryDirectory();
    const ours = filledCache(directory);
    const foreign = filledCache(directory, CHUNKS, { key: { ...KEY, weights: 'ab' } });
    fs.copyFileSync(foreign.segment, ours.segment);
    const { read, warnings } = survivors(directory);
    expect(read).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('the record belongs to another cache')]);
  });
});

describe('an index', () => {
  it('cut short at any byte loses only the rows that were cut', () => {
    const { directory, index } = filledCache();
    const sound = fs.readFileSync(index);
    for (const keep of [0, 5, 31, 32, 33, 63, 64, 32 * 10 + 17, sound.length - 1]) {
      fs.writeFileSync(index, sound.subarray(0, keep));
      const cache = openCache(directory);
      expect(readBack(cache, CHUNKS)).toEqual(range(0, Math.max(0, Math.floor(keep / 32) - 1)));
      expect(cache.warnings).toEqual([]);
      cache.close();
    }
  });

  it('with any byte changed never yields a wrong value', () => {
    const { directory, index } = filledCache();
    const sound = fs.readFileSync(index);
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const bytes = Buffer.from(sound);
        bytes[at]! ^= mask;
        fs.writeFileSync(index, bytes);
        const cache = openCache(directory);
        expect(readBack(cache, CHUNKS).length).toBeGreaterThanOrEqual(at < 32 ? 0 : 19);
        cache.close();
      }),
      { numRuns: 200 },
    );
  });

  it('that points two chunks of equal length at each other loses both', () => {
    const { directory, index } = filledCache();
    change(index, (bytes) => {
      const [third, eighth] = [3, 8].map((chunk) => 32 * (chunk + 1)) as [number, number];
      const id = Buffer.from(bytes.subarray(third, third + 16));
      bytes.copy(bytes, third, eighth, eighth + 16);
      id.copy(bytes, eighth);
    });
    const { read, warnings } = survivors(directory);
    expect(read).toEqual(without(3, 8));
    expect(warnings).toEqual([expect.stringContaining('the record belongs to another chunk')]);
  });

  it('of another cache is left alone, with a warning', () => {
    const directory = temporaryDirectory();
    const ours = filledCache(directory);
    const foreign = filledCache(directory, CHUNKS, { key: { ...KEY, weights: 'ab' } });
    fs.copyFileSync(foreign.index, ours.index);
    const { read, warnings } = survivors(directory);
    expect(read).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('damaged, or the index of another cache')]);
  });

  it('deleted leaves segments that nobody overwrites', () => {
    const { directory, index, segment } = filledCache();
    const before = fs.readFileSync(segment);
    fs.rmSync(index);
    expect(survivors(directory).read).toEqual([]);
    expect(fs.readFileSync(segment)).toEqual(before);
  });

  it('of nonsense is survived', () => {
    const { directory, index } = filledCache();
    change(index, (bytes) => bytes.fill(0xff, 32));
    expect(survivors(directory).read).toEqual([]);
  });
});

describe('a damaged record that was written again', () => {
  it('is found in its new place for good, though the old one is tried first', () => {
    const { directory, segment } = filledCache();
    change(segment, (bytes) => void (bytes[THIRD + 60]! ^= 4));
    survivors(directory);
    const cache = openCache(directory);
    expect(readBack(cache, CHUNKS)).toEqual(CHUNKS);
    expect(cache.counts()).toMatchObject({ entries: 20, damaged: 1 });
    cache.close();
  });

  it('can be damaged while the cache is open', () => {
    const { directory, segment } = filledCache();
    const cache = openCache(directory);
    expect(readChunk(cache, 3)).toEqual(valuesOf(3));
    const handle = fs.openSync(segment, 'r+');
    fs.writeSync(handle, Buffer.of(1, 2, 3, 4), 0, 4, THIRD + 100);
    fs.closeSync(handle);
    expect(readChunk(cache, 3)).toBeUndefined();
    expect(cache.has(idOf(3))).toBe(false);
    expect(writeChunks(cache, [3])).toEqual([true]);
    expect(readChunk(cache, 3)).toEqual(valuesOf(3));
    cache.close();
  });
});

describe('the folder', () => {
  it('deleted under an open cache: chunks are missed, writing stops, nothing is thrown', () => {
    const { directory, folder } = filledCache();
    const cache = openCache(directory, { segmentBytes: 500 });
    fs.rmSync(folder, { recursive: true });
    expect(readBack(cache, CHUNKS)).toEqual([]);
    expect(writeChunks(cache, [0]).every((stored) => !stored)).toBe(true);

    cache.close();
  });
});

/** Several processes at one cache, one of them killed in the middle of writing. They run the compiled code, as users do. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import { KEY, openCache, readChunk, temporaryDirectory, tokensOf, WIDTH, writeChunks, idOf, valuesOf, range, readBack } from './caches.js';

const WIDE = 4096;

/** A value that tells which chunk it belongs to. */
const markOf = (chunk: number): number => chunk + 0.25;

/** Writes chunks `from` to `to`, each full of its mark, and reports on standard output: one letter a chunk. */
const WRITER = `
const { openPrefixCache, chunkId } = await import(${JSON.stringify(pathToFileURL(packageFile('dist', 'src', 'prefix-cache', 'index.js')).href)});
const { silentLogger } = await import(${JSON.stringify(pathToFileURL(packageFile('dist', 'src', 'core', 'log.js')).href)});
const [directory, from, to, uid] = process.argv.slice(1);
if (uid) process.setuid(Number(uid));
const cache = openPrefixCache({ directory, key: ${JSON.stringify(KEY)}, width: ${WIDE}, precision: 'float16', log: silentLogger() });
for (let chunk = Number(from); chunk < Number(to); chunk++) {
  const stored = cache.write(chunkId(Int32Array.of(2, chunk, 3)), new Float32Array(8 * ${WIDE}).fill(chunk + 0.25));
  process.stdout.write(stored ? 'w' : '-');
  if (chunk % 8 === 0) await new Promise(setImmediate);
}
cache.close();
`;

function startWriter(directory: string, from: number, to: number, ...more: number[]): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, '--', directory, ...[from, to, ...more].map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout!.setEncoding('utf8');
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout!.on('data', (text: string) => (output += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  return output;
}

const openWide = (directory: string) => openCache(directory, { width: WIDE, precision: 'float16' });

/** How many of the chunks are there; throws when one holds anything but its own mark. */
function intact(cache: ReturnType<typeof openWide>, chunks: readonly number[]): number {
  const target = new Float32Array(8 * WIDE);
  return chunks.filter((chunk) => {
    if (!cache.read(idOf(chunk), target.fill(0))) return false;
    if (target.some((value) => value !== markOf(chunk))) throw new Error(`chunk ${chunk} is wrong`);
    return true;
  }).length;
}

describe('two processes', () => {
  it('write overlapping chunks at once, and this one reads them all', async () => {
    const directory = temporaryDirectory();
    const outputs = await Promise.all([outputOf(startWriter(directory, 0, 200)), outputOf(startWriter(directory, 100, 300))]);
    expect(outputs).toEqual(['w'.repeat(200), 'w'.repeat(200)]);
    const cache = openWide(directory);
    expect(intact(cache, range(0, 300))).toBe(300);
    expect(cache.counts()).toMatchObject({ entries: 300, damaged: 0 });
    expect(fs.readdirSync(cache.folder).filter((name) => name.endsWith('.index'))).toEqual(['w0001.index', 'w0002.index']);
    cache.close();
  });

  it('one reads what was there while another writes', async () => {
    const directory = temporaryDirectory();
    await outputOf(startWriter(directory, 0, 50));
    const child = startWriter(directory, 50, 2000);
    await once(child.stdout!, 'data');
    const cache = openWide(directory);
    expect(intact(cache, range(0, 50))).toBe(50);
    expect(cache.counts().damaged).toBe(0);
    cache.close();
    child.kill('SIGKILL');
    await once(child, 'close');
  });
});

describe('a writer killed at any moment', () => {
  it('loses no more than what it was writing', async () => {
    const directory = temporaryDirectory();
    let from = 0;
    for (const chunksBeforeKill of [1, 40, 90]) {
      const child = startWriter(directory, from, from + 100_000);
      let reported = 0;
      await new Promise<void>((resolve) => child.stdout!.on('data', (text: string) => ((reported += text.length) >= chunksBeforeKill ? resolve() : undefined)));
      child.kill('SIGKILL');
      await once(child, 'close');
      const cache = openWide(directory);
      expect(intact(cache, range(0, from + reported))).toBe(from + reported);
      expect(cache.counts().damaged).toBe(0);
      cache.close();
      from += reported;
    }
  });
});

describe('a read-only cache', () => {
  const NOBODY = 65534;
  const root = process.getuid?.() === 0;

  /** Permissions do not bind root, so that root hands the work to a user whom they bind. */
  it.skipIf(process.platform === 'win32')('is read, and not written', async () => {
    const directory = temporaryDirectory();
    const cache = openWide(directory);
    cache.write(idOf(0), new Float32Array(8 * WIDE).fill(markOf(0)));
    cache.close();
    for (const folder of [directory, cache.folder]) fs.chmodSync(folder, 0o555);
    for (const name of fs.readdirSync(cache.folder)) fs.chmodSync(`${cache.folder}/${name}`, 0o444);
    expect(await outputOf(startWriter(directory, 0, 3, ...(root ? [NOBODY] : [])))).toBe('w--');
    for (const folder of [directory, cache.folder]) fs.chmodSync(folder, 0o700);
  });
});

describe('two caches open in one process', () => {
  it('write to files of their own and each sees what was there when it was opened', () => {
    const directory = temporaryDirectory();
    const [one, other] = [openCache(directory), openCache(directory)];
    writeChunks(one, range(0, 10));
    expect(readBack(other, range(0, 20))).toEqual([]);
    writeChunks(other, range(5, 20));
    const third = openCache(directory);
    expect(readBack(third, range(0, 20))).toEqual(range(0, 20));
    expect(readChunk(third, 7)).toEqual(valuesOf(7));
    const rows = [...range(0, 10), ...range(5, 20)].map(tokensOf);
    expect(third.counts()).toMatchObject({ entries: 20, bytes: rows.reduce((sum, tokens) => sum + 48 + 4 * WIDTH * tokens, 0) });
    for (const cache of [one, other, third]) cache.close();
  });
});

/** Caches listed, pruned and verified, as `medweave cache` shows them. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/cli/execute.js';
import { listCaches, pruneCaches } from '../../src/prefix-cache/index.js';
import { filesIn, keptLog, KEY, openCache, range, temporaryDirectory, writeChunks } from './caches.js';

const DAY = 86_400_000;

/** Two caches, `old` last used ten days ago and `recent` just now, and a folder that is no cache. */
function twoCaches(): { directory: string; old: string; recent: string } {
  const directory = temporaryDirectory();
  const [old, recent] = [openCache(directory, { label: 'tiny encoder' }), openCache(directory, { precision: 'float16' })];
  writeChunks(old, range(0, 4));
  writeChunks(recent, range(0, 3));
  for (const cache of [old, recent]) cache.close();
  fs.utimesSync(path.join(old.folder, 'cache.json'), new Date(Date.now() - 10 * DAY), new Date(Date.now() - 10 * DAY));
  fs.mkdirSync(path.join(directory, 'notes'));
  return { directory, old: old.folder, recent: recent.folder };
}

async function cacheCommand(...args: string[]): Promise<{ text: string; json: Record<string, unknown> }> {
  const executed = await execute(['cache', ...args], { signal: new AbortController().signal, log: keptLog().log });
  return executed!.result as { text: string; json: Record<string, unknown> };
}

describe('listing', () => {
  it('gives size, entries, last use and purpose, most recent first', () => {
    const { directory, old, recent } = twoCaches();
    const listed = listCaches(directory);
    expect(listed.map(({ folder, entries }) => ({ folder, entries }))).toEqual([{ folder: recent, entries: 3 }, { folder: old, entries: 4 }]);
    const onDisk = fs.readdirSync(old).reduce((sum, name) => sum + fs.statSync(path.join(old, name)).size, 0);
    expect(listed[1]).toMatchObject({ bytes: onDisk, metadata: { key: KEY, width: 7, precision: 'float32', label: 'tiny encoder' } });
    expect((Date.now() - Date.parse(listed[1]!.last_used)) / DAY).toBeCloseTo(10, 2);
  });

  it('of a directory that does not exist is empty', async () => {
    expect(listCaches(path.join(temporaryDirectory(), 'none'))).toEqual([]);
    expect((await cacheCommand('--directory', path.join(temporaryDirectory(), 'none'))).text).toMatch(/none: no caches$/);
  });

  it('is printed as a table, and as JSON', async () => {
    const { directory, old } = twoCaches();
    const { text, json } = await cacheCommand('--directory', directory);
    const lines = text.split('\n');
    expect(lines[4]).toMatch(new RegExp(`^${path.basename(old).slice(0, 12)} +0\\.00 +4 .* 7 +float32$`));
    expect(lines[5]).toMatch(/^ {4}tiny encoder, weights aa, tokenizer bb, frozen_layers 3, medweave \S+$/);
    expect(json).toEqual({ directory, caches: listCaches(directory) });
  });

  it('names a cache whose cache.json is damaged', async () => {
    const { directory, old } = twoCaches();
    fs.writeFileSync(path.join(old, 'cache.json'), '{');
    expect(listCaches(directory).find(({ folder }) => folder === old)?.metadata).toBeNull();
    expect((await cacheCommand('--directory', directory)).text).toMatch(/cache\.json is damaged/);
    expect((await cacheCommand('--directory', directory, '--verify')).text).toMatch(/cache\.json is damaged; delete the folder/);
  });
});

describe('pruning', () => {
  it('deletes what was not used for that long, and nothing else', async () => {
    const { directory, old, recent } = twoCaches();
    expect(pruneCaches(directory, 11)).toEqual([]);
    const { text, json } = await cacheCommand('--directory', directory, '--prune', '9');
    expect(text).toMatch(/deleted 1, 0\.00 GiB$/);
    expect((json.deleted as { folder: string }[]).map(({ folder }) => folder)).toEqual([old]);
    expect(fs.readdirSync(directory).sort()).toEqual([path.basename(recent), 'notes'].sort());
  });

  it('counts days from now: 0 deletes all', () => {
    const { directory } = twoCaches();
    expect(pruneCaches(directory, 0, new Date(Date.now() + 1000))).toHaveLength(2);
    expect(fs.readdirSync(directory)).toEqual(['notes']);
  });

  it('opening a cache counts as use', () => {
    const { directory } = twoCaches();
    openCache(directory).close();
    expect(pruneCaches(directory, 1)).toEqual([]);
  });

  it.each([['-1'], ['soon']])('refuses --prune=%s', async (days) => {
    await expect(cacheCommand('--directory', temporaryDirectory(), `--prune=${days}`)).rejects.toThrow(/--prune \S+: expected a number of days/);
  });
});

describe('verifying', () => {
  it('reads every record and says which are damaged', async () => {
    const { directory, old, recent } = twoCaches();
    const sound = await cacheCommand('--directory', directory, '--verify');
    expect(sound.text.split('\n')).toEqual([`✔ ${recent}: 3 records, none damaged`, `✔ ${old}: 4 records, none damaged`]);
    const segment = filesIn(old, '.segment')[0]!;
    fs.truncateSync(segment, fs.statSync(segment).size - 1);
    const { text, json } = await cacheCommand('--directory', directory, '--verify');
    expect(text).toMatch(/✖ .*: 4 records, 1 damaged, e\.g\.\n.*\.segment: byte 424: the file is missing, unreadable or too short/);
    expect((json.caches as unknown[])[1]).toMatchObject({ folder: old, checked: 4, damaged: 1 });
  });
});

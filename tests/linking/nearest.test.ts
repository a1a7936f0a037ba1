/** Nearest titles: exact, whatever the blocks, and vectors of titles are computed once. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { createRng } from '../../src/core/rng.js';
import type { Embedder } from '../../src/embed/embedder.js';
import { openDevice } from '../../src/engine/index.js';
import { titleVectors, vectorsOf, type SentenceEncoder } from '../../src/linking/embedding.js';
import type { Mention } from '../../src/linking/mention.js';
import { nearestRows } from '../../src/linking/nearest.js';
import { pliiSource } from '../../src/linking/plii.js';

const log = silentLogger();
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-nearest-'));
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

describe('nearest rows', () => {
  it.each([{ Q: 3, N: 7, width: 5, k: 4 }, { Q: 257, N: 11, width: 3, k: 13 }, { Q: 2, N: 8203, width: 3, k: 5 }, { Q: 0, N: 5, width: 2, k: 1 }])('of $Q queries and $N rows are those of a sort', async ({ Q, N, width, k }) => {
    const rng = createRng(1);
    const draw = (count: number) => Float32Array.from({ length: count * width }, () => rng.integer(9) - 4);
    const [queries, rows] = [draw(Q), draw(N)];
    const found = await nearestRows(await openDevice('cpu', log), { queries, rows, width, k });
    expect(found).toHaveLength(Q);
    found.forEach((neighbours, q) => {
      const squared = (row: number) => Array.from({ length: width }, (_, i) => (queries[q * width + i]! - rows[row * width + i]!) ** 2).reduce((sum, square) => sum + square, 0);
      const sorted = Array.from({ length: N }, (_, row) => row).sort((a, b) => squared(a) - squared(b) || a - b).slice(0, k);
      expect(neighbours.map(({ row }) => row)).toEqual(sorted);
      neighbours.forEach((neighbour) => expect(neighbour.distance).toBeCloseTo(Math.sqrt(squared(neighbour.row)), 4));
    });
  });

  it('are refused when the numbers are no vectors', async () => {
    await expect(nearestRows(await openDevice('cpu', log), { queries: new Float32Array(3), rows: new Float32Array(4), width: 2, k: 1 })).rejects.toThrow(/width 2/);
  });
});

/** A text's vector is its length and its number of e's. */
function countingEncoder(identity: string): { encoder: SentenceEncoder; encoded: string[] } {
  const encoded: string[] = [];
  const embedder: Embedder = {
    width: 2,
    encode: async (texts) => {
      encoded.push(...texts);
      return texts.map((text) => ({ ids: Int32Array.of(2), hidden: Float32Array.of(text.length, text.split('e').length - 1) }));
    },
    dispose: () => undefined,
  };
  return { encoder: { embedder, pooling: 'cls', identity, cacheDir: temporary }, encoded };
}

describe('vectors of titles', () => {
  it('are computed once for equal titles and kept for the same encoder only', async () => {
    const titles = ['fever', 'cough', 'fever'];
    const first = countingEncoder('a');
    expect(Array.from(await titleVectors(titles, first.encoder, { log }))).toEqual([5, 2, 5, 0, 5, 2]);
    expect(first.encoded.sort()).toEqual(['cough', 'fever']);
    const again = countingEncoder('a');
    expect(Array.from(await titleVectors(titles, again.encoder, { log }))).toEqual([5, 2, 5, 0, 5, 2]);
    expect(again.encoded).toEqual([]);
    for (const [other, list] of [[countingEncoder('b'), titles], [countingEncoder('a'), ['fever', 'cough']]] as const) {
      await titleVectors(list, other.encoder, { log });
      expect(other.encoded).toHaveLength(2);
    }
  });

  it('stay in the order of the texts', async () => {
    expect(Array.from(await vectorsOf(['eee', '', 'xx'], countingEncoder('c').encoder, { log }))).toEqual([3, 3, 0, 0, 2, 0]);
  });
});

describe('PLII', () => {
  it('takes the nearest title to the first description', async () => {
    const titles = new Map([['A', 'eeee'], ['B', 'xxxx'], ['C', 'xx']]);
    const mentions: Mention[] = [{ noteId: 'n', fragments: [], text: 'ignored', kind: 'dx' }];
    const source = pliiSource({ titles, encoder: countingEncoder('d').encoder, device: await openDevice('cpu', log), describe: async () => [['yyyy', 'eeee']], log });
    const [found] = await source.find(mentions, 2);
    expect(found!.map(({ code }) => code)).toEqual(['B', 'C']);
    expect(found!.map(({ score }) => score)).toEqual([1, expect.closeTo(1 / 1.5, 6)]);
  });
});

/** Noise: determinism, bit-identity between graph and JavaScript, statistics. */
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { openDevice, type NoiseKey } from '../../src/engine/index.js';
import { allocateNoise, fillNoise, keepMask, noiseExtent } from '../../src/engine/noise.js';

const DROP = 0.1;

function mask(shape: number[], key: NoiseKey, site = 'site', drop = DROP): Uint8Array {
  const factors = allocateNoise(noiseExtent(shape));
  fillNoise(factors, site, key);
  return keepMask(factors, drop);
}

const mean = (values: ArrayLike<number>): number => Array.prototype.reduce.call(values, (a, b) => (a as number) + (b as number), 0) as number / values.length;

/** Correlation of two 0/1 sequences of known probability. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>, keep = 1 - DROP): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - keep) * (b[i]! - keep);
  return sum / a.length / (keep * (1 - keep));
}

describe('determinism', () => {
  const base: NoiseKey = { seed: 3, step: 5 };
  it('equal keys give equal masks', () => expect(mask([7, 11], base)).toEqual(mask([7, 11], { ...base, micro: 0, rank: 0 })));
  it.each([{ seed: 4, step: 5 }, { seed: 3, step: 6 }, { ...base, micro: 1 }, { ...base, rank: 1 }])('another key %o, another mask', (key) =>
    expect(Math.abs(correlation(mask([64, 64], base), mask([64, 64], key)))).toBeLessThan(0.07));
  it('another site, another mask', () => expect(Math.abs(correlation(mask([64, 64], base), mask([64, 64], base, 'sitf')))).toBeLessThan(0.07));

  it('is bit-identical in a program, whatever else the program draws', async () => {
    const device = await openDevice('cpu', silentLogger());
    const shape = [3, 17, 129];
    const alone = await device.compile((_, noise) => ({ kept: noise.keep('b', shape, DROP) }), []);
    const both = await device.compile((_, noise) => ({ other: noise.keep('a', [5], DROP), kept: noise.keep('b', shape, DROP) }), []);
    const calls = [alone.bind(), both.bind()];
    for (const key of [base, { seed: 99, step: 12345, micro: 3, rank: 7 }]) {
      for (const call of calls) {
        await call.run(key);
        expect(Buffer.from(call.outputs.kept!.buffer).equals(Buffer.from(mask(shape, key, 'b').buffer))).toBe(true);
      }
    }
    expect(both.noiseSites).toEqual(['a', 'b']);
    await expect(calls[0]!.run()).rejects.toThrow('run({ seed, step })');
  });

  it('refuses one name for two places', async () => {
    const device = await openDevice('cpu', silentLogger());
    await expect(device.compile((_, noise) => ({ a: noise.keep('x', [2], DROP), b: noise.keep('x', [2], DROP) }), [], { name: 'twice' })).rejects.toThrow('twice: the noise site "x"');
  });
});

describe('statistics', () => {
  const rows = 1024;
  const columns = 512;
  const kept = mask([rows, columns], { seed: 1, step: 1 });
  const row = (i: number): Uint8Array => kept.subarray(i * columns, (i + 1) * columns);
  const deviation = Math.sqrt(DROP * (1 - DROP));

  it.each([0.01, 0.1, 0.5, 0.9])('keeps 1 − %d', (drop) => {
    const share = mean(mask([rows, columns], { seed: 2, step: 1 }, 'site', drop));
    expect(Math.abs(share - (1 - drop))).toBeLessThan((5 * Math.sqrt(drop * (1 - drop))) / Math.sqrt(rows * columns) + 1e-4);
  });

  it('has rows and columns of the expected spread', () => {
    const rowMeans = Array.from({ length: rows }, (_, i) => mean(row(i)));
    const columnMeans = Array.from({ length: columns }, (_, j) => mean(Array.from({ length: rows }, (_, i) => kept[i * columns + j]!)));
    const spread = (means: number[]): number => Math.sqrt(mean(means.map((m) => (m - 1 + DROP) ** 2)));
    expect(spread(rowMeans) / (deviation / Math.sqrt(columns))).toBeGreaterThan(0.85);
    expect(spread(rowMeans) / (deviation / Math.sqrt(columns))).toBeLessThan(1.15);
    expect(spread(columnMeans) / (deviation / Math.sqrt(rows))).toBeGreaterThan(0.85);
    expect(spread(columnMeans) / (deviation / Math.sqrt(rows))).toBeLessThan(1.15);
  });

  it('does not correlate neighbours, distant rows, or the corners of rectangles', () => {
    const limit = 5 / Math.sqrt(rows * columns);
    const centred = Float32Array.from(kept, (k) => (k - 1 + DROP) / deviation);
    const product = (offsets: number[]): number => {
      const last = centred.length - Math.max(...offsets);
      let sum = 0;
      for (let i = 0; i < last; i++) sum += offsets.reduce((p, o) => p * centred[i + o]!, 1);
      return sum / last;
    };
    for (const offset of [1, 2, 3, columns - 1, columns, columns + 1, 7 * columns, 64 * columns + 5]) expect(Math.abs(product([0, offset])), `offset ${offset}`).toBeLessThan(limit);
    // The four corners share two row factors and two column factors: the fourth moment has heavier tails than a pair's.
    for (const [down, right] of [[1, 1], [2, 3], [17, 31]]) expect(Math.abs(product([0, right!, down! * columns, down! * columns + right!]))).toBeLessThan(3 * limit);
  });

  it('covers shapes without a last axis', () => {
    expect(mask([], { seed: 1, step: 1 }).length).toBe(1);
    expect(mask([5], { seed: 1, step: 1 }).length).toBe(5);
  });
});

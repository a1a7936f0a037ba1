/** The commands at tiny sizes: what they report is complete and hangs together. No timing is asserted. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noteLengths, readLengths, thinOut } from '../../src/bench/note-lengths.js';
import { differenceOf } from '../../src/bench/difference.js';
import { median, timeInterleaved } from '../../src/bench/measure.js';
import { forgetPeakMemory, peakMemoryMiB } from '../../src/bench/machine.js';
import { diagnoses, medications } from '../../src/bench/vocabulary.js';
import type { EncodeBench } from '../../src/bench/encode.js';
import type { EpochBench } from '../../src/bench/epoch.js';
import type { StepBench } from '../../src/bench/step.js';
import { execute } from '../../src/cli/execute.js';
import { silentLogger } from '../../src/core/log.js';
import { codeSystem } from '../../ontologies/index.js';

const log = silentLogger();
const tiny = ['--width', '12', '--heads', '2', '--feed-forward', '20', '--vocabulary', '40', '--device', 'cpu'];
const tinyText = [...tiny, '--tokens', '9'];
const tinyCodes = ['--codes', '23', '--visit-codes', '5', '--set', 'model.codes.width=8', '--set', 'model.codes.feed_forward=8'];
const bothKinds = [...tinyCodes, '--medications', '7'];

async function bench<Result>(...args: string[]): Promise<{ text: string; json: Result }> {
  const executed = await execute(['bench', ...args], { signal: new AbortController().signal, log });
  return executed!.result as { text: string; json: Result };
}

let dir: string;
beforeEach(() => (dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-bench-test-'))));
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

/** Rates follow from the time, the operations and the visits. */
function expectConsistent(result: StepBench | EncodeBench, visits: number): void {
  expect(result.gflops_per_second).toBeCloseTo((1e3 * result.gflop) / result.ms, 8);
  expect(result.visits_per_second).toBeCloseTo((1e3 * visits) / result.ms, 8);
  expect(result.share_of_bare).toBeCloseTo(result.bare.ms / result.ms, 8);
  expect(result.bare.ms).toBeCloseTo(result.bare.products.reduce((sum, { count, ms }) => sum + count * ms, 0), 8);
  expect(result.min_ms).toBeLessThanOrEqual(result.ms);
  expect(result.max_ms).toBeGreaterThanOrEqual(result.ms);
  expect(result.peak_memory_mib).toBeGreaterThan(10);
  expect(result.load_average).toHaveLength(3);
}

describe('bench step', () => {
  it('of BERT, with and without dropout', async () => {
    const { json, text } = await bench<StepBench>('step', ...tinyText, '--batch', '3', '--repeats', '2');
    expectConsistent(json, 3);
    expect(json).toMatchObject({ what: 'step', model: 'layers', repeats: 2, shape: { batch: 3, layers: 2, labels: 50 } });
    expect(json.without_dropout!.ms).toBeGreaterThan(0);
    expect(text).toMatch(/bare products .* 1\.000/);
  });

  it('of a deeper one', async () => {
    const { json } = await bench<StepBench>('step', '--model', 'bert-base', ...tinyText, '--layers', '3', '--repeats', '1');
    expect(json).toMatchObject({ model: 'bert-base', shape: { batch: 4, layers: 3 } });
    expect(json.without_dropout).toBeUndefined();
  });

  it('of the layers over frozen ones, with the hierarchy for PyTorch', async () => {
    const file = path.join(dir, 'hierarchy.json');
    const { json } = await bench<StepBench>('step', '--model', 'suffix', ...tinyText, ...bothKinds, '--batch', '3', '--repeats', '1', '--save-hierarchy', file);
    expectConsistent(json, 3);
    expect(json.shape).toMatchObject({ batch: 3, tokens: 9, layers: 2, codes: 23, medications: 7, visit_codes: 5 });
    const { leaves, parent } = JSON.parse(fs.readFileSync(file, 'utf8')) as { leaves: number; parent: number[] };
    expect([leaves, parent.length]).toEqual([23, json.nodes!['dx']]);
    expect(parent.filter((up) => up < 0)).toHaveLength(1);
  });

  it('of the code encoder alone', async () => {
    const { json } = await bench<StepBench>('step', '--model', 'codes', ...tinyCodes, '--batch', '3', '--repeats', '1', '--device', 'cpu');
    expectConsistent(json, 3);
    expect(Object.keys(json.nodes!)).toEqual(['dx']);
    expect(json.nodes!['dx']).toBeGreaterThan(23);
  });
});

describe('bench encode', () => {
  it('with and without int8', async () => {
    const { json, text } = await bench<EncodeBench>('encode', ...tinyText, '--layers', '1', '--batch', '2', '--repeats', '1', '--precision', 'int8');
    const { error, ...speed } = json.int8!;
    expect(speed.visits_per_second).toBeCloseTo(2e3 / speed.ms, 8);
    expect(error.max_absolute).toBeGreaterThanOrEqual(error.mean_absolute);
    expect(error.mean_cosine).toBeGreaterThan(0.9);
    expect(error.mean_cosine).toBeGreaterThanOrEqual(error.min_cosine);
    expect(text).toMatch(/int8 beside float32/);
  });

  it('of a shape counted by hand', async () => {
    const { json } = await bench<EncodeBench>('encode', ...tinyText, '--layers', '2', '--batch', '5', '--repeats', '1');
    expectConsistent(json, 5);
    expect(json.tokens_per_second).toBeCloseTo(9 * json.visits_per_second, 8);
    // Forward through 2 layers of width 12 and feed-forward 20, 5 × 9 tokens.
    expect(json.gflop * 1e9).toBeCloseTo(2 * 45 * (2 * (4 * 12 * 12 + 2 * 12 * 20) + 4 * 9 * 12), 3);
  });
});

describe('bench epoch', () => {
  const epoch = (...args: string[]) => bench<EpochBench>('epoch', ...tiny, ...bothKinds, '--layers', '3', '--frozen', '2', '--batch', '2', ...args);

  afterEach(() => vi.unstubAllEnvs());

  it('with and without the cache, which holds every note once and is deleted at the end', async () => {
    vi.stubEnv('TMPDIR', dir);
    const { json, text } = await epoch('--notes', '5', '--tokens', '9');
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('medweave'))).toEqual([]);
    const { first, cached, uncached } = json.epochs;
    for (const one of [first, cached, uncached!]) {
      expect(one).toMatchObject({ steps: 3, steps_of: 3, extrapolated: false });
      expect(one.visits_per_second).toBeCloseTo(5 / one.seconds, 8);
    }
    expect(first.gflop).toBe(uncached!.gflop);
    expect(first.gflop).toBeGreaterThan(cached.gflop);
    // Five notes and the empty one of padding: records of 9 (2) tokens × 12 half-precision values.
    expect(json.cache.mib * 2 ** 20).toBeGreaterThan(5 * 9 * 12 * 2);
    expect(json.cache.mib * 2 ** 20).toBeLessThan(5 * 9 * 12 * 2 + 4000);
    expect(json.cache.read_tokens_per_second).toBeGreaterThan(0);
    expect(text).toMatch(/later epoch, from the cache .* 1\.00 ×/);
  });

  it('of given lengths, in chunks, a few steps of them', async () => {
    const file = path.join(dir, 'lengths.json');
    fs.writeFileSync(file, JSON.stringify([3, 4, 9, 14, 15, 2]));
    const { json } = await epoch('--lengths', file, '--tokens', '12', '--window', '6', '--steps', '1');
    expect(json.shape).toMatchObject({ notes: 6, window: 6, max_tokens: 12 });
    expect(json.epochs.cached).toMatchObject({ steps: 1, extrapolated: true });
    expect(json.epochs.cached.steps_of).toBeGreaterThan(2);
  });
});

describe('wrong input', () => {
  it.each([
    [['step', '--batch', '0'], /--batch 0: expected a whole number, at least 1/],
    [['step', '--visit-codes', '2.5'], /--visit-codes 2.5/],
    [['step', '--width', '30', '--heads', '4'], /--width 30: not a multiple of the number of heads, 4/],
    [['step', '--dropout', '1'], /--dropout 1: expected a probability/],
    [['step', '--model', 'codes', '--codes', '99999'], /--codes 99999: at most \d+/],
    [['epoch', '--scaling', '10,x'], /--scaling 10,x: expected numbers of notes/],
    [['epoch', '--layers', '2', '--frozen', '2'], /--frozen 2: expected fewer than --layers 2/],
    [['epoch', '--lengths', 'nowhere.json'], /--lengths nowhere.json: cannot be read/],
    [['lengths'], /--data is missing/],
  ])('%j', async (args, message) => {
    await expect(bench(...(args as string[]))).rejects.toThrow(message as RegExp);
  });
});

describe('what a measurement is made of', () => {
  it('differences of vectors', () => {
    const difference = differenceOf(Float32Array.of(1, 0, 3, 3), Float32Array.of(1, 0, 3, 4), 2);
    expect(difference).toMatchObject({ max_absolute: 1, mean_absolute: 0.25, relative: Math.sqrt(1 / 26) });
    expect(difference.min_cosine).toBeCloseTo(21 / (Math.sqrt(18) * 5), 12);
    expect(difference.mean_cosine).toBeCloseTo((1 + difference.min_cosine) / 2, 12);
  });

  it('medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('rounds in turn, without the first ones, until it is told to stop', async () => {
    const ran: string[] = [];
    const stop = new AbortController();
    const subject = (name: string) => ({ run: () => Promise.resolve(void ran.push(name)) });
    const timings = await timeInterleaved([subject('a'), subject('b')], { repeats: 2, warmUp: 1, signal: stop.signal });
    expect(ran.join('')).toBe('ababab');
    expect(timings).toHaveLength(2);
    stop.abort();
    await expect(timeInterleaved([subject('a')], { repeats: 1, warmUp: 0, signal: stop.signal })).rejects.toThrow();
  });

  it('a peak of memory that can begin anew', () => {
    const large = new Float64Array(2 ** 23).fill(1);
    const peak = peakMemoryMiB();
    expect(peak).toBeGreaterThan((large.byteLength >> 20) - 1);
    if (forgetPeakMemory()) expect(peakMemoryMiB()).toBeLessThanOrEqual(peak);
  });

  it('vocabularies of distinct codes over known categories and groups', () => {
    const [dx, rx] = [diagnoses(8000), medications(155)];
    expect(new Set(dx.map(({ code }) => code)).size).toBe(8000);
    expect(new Set(rx.map(({ code }) => code)).size).toBe(155);
    const [icd, atc] = [codeSystem('icd9cm'), codeSystem('atc')];
    expect(dx.every(({ code }) => icd.normalise(code) === code && icd.isKnown(code.split('.')[0]!))).toBe(true);
    expect(rx.every(({ code }) => code.length === 4 && atc.isKnown(code))).toBe(true);
  });

  it('lengths of notes: from a file, fewer with the same distribution', () => {
    expect(thinOut([9, 1, 5, 3, 7, 11], 3)).toEqual([3, 7, 11]);
    expect(thinOut([2, 4], 4)).toEqual([2, 2, 4, 4]);
    const file = path.join(dir, 'lengths.json');
    for (const wrong of ['[]', '[1, 0]', '{"a": 1}', '[1.5]', '[']) {
      fs.writeFileSync(file, wrong);
      expect(() => readLengths(file)).toThrow(/lengths/);
    }
  });

  it('lengths of a data directory', async () => {
    await expect(noteLengths(dir)).rejects.toThrow(/not a medweave directory/);
  });
});

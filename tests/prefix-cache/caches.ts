/** Small caches for tests: a width of 7, a temporary directory, a log that is kept. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import type { Logger } from '../../src/core/log.js';
import { createRng } from '../../src/core/rng.js';
import { chunkId, openPrefixCache, type PrefixCache, type PrefixCacheOptions } from '../../src/prefix-cache/index.js';

export const WIDTH = 7;

export const KEY = { weights: 'aa', tokenizer: 'bb', frozen_layers: 3 };

/** Deleted after the test. */
export function temporaryDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-cache-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface KeptLog {
  log: Logger;
  /** Messages at level warn and above. */
  warnings: string[];
}

export function keptLog(): KeptLog {
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) });
  return { log, warnings };
}

export function openCache(directory: string, options: Partial<PrefixCacheOptions> = {}): PrefixCache & KeptLog {
  const kept = keptLog();
  return { ...openPrefixCache({ directory, key: KEY, width: WIDTH, precision: 'float32', log: kept.log, ...options }), ...kept };
}

export const idOf = (chunk: number): Uint8Array => chunkId(Int32Array.of(2, chunk, 3));

/** Chunks have 2, 3, 5, 7 or 11 tokens. */
export const tokensOf = (chunk: number): number => [2, 3, 5, 7, 11][chunk % 5]!;

/** What the encoder would give for a chunk: [tokens, WIDTH] standard normal values. */
export function valuesOf(chunk: number): Float32Array {
  const rng = createRng(chunk, 'values');
  return Float32Array.from({ length: tokensOf(chunk) * WIDTH }, () => rng.normal());
}

export const writeChunks = (cache: PrefixCache, chunks: readonly number[]): boolean[] => chunks.map((chunk) => cache.write(idOf(chunk), valuesOf(chunk)));

/** @returns the values, or undefined when the cache does not have them */
export function readChunk(cache: PrefixCache, chunk: number): Float32Array | undefined {
  const target = new Float32Array(tokensOf(chunk) * WIDTH);
  return cache.read(idOf(chunk), target) ? target : undefined;
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Of the given chunks, those that read back; throws when one reads back wrong. */
export function readBack(cache: PrefixCache, chunks: readonly number[]): number[] {
  return chunks.filter((chunk) => {
    const values = readChunk(cache, chunk);
    if (values && Buffer.compare(Buffer.from(values.buffer), Buffer.from(valuesOf(chunk).buffer)) !== 0) throw new Error(`chunk ${chunk} reads back wrong`);
    return values !== undefined;
  });
}

export const filesIn = (folder: string, ending: string): string[] => fs.readdirSync(folder).filter((name) => name.endsWith(ending)).sort().map((name) => path.join(folder, name));

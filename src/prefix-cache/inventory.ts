/** The caches in a directory: listed, pruned, verified. */
import fs from 'node:fs';
import path from 'node:path';
import type { Logger } from '../core/log.js';
import { indexNames, loadIndexes, ROW_BYTES, segmentFile } from './files.js';
import { isCacheName, METADATA_FILE, readMetadata, tagOf, type CacheMetadata } from './identity.js';
import { openReader } from './reader.js';
import { recordBytes, recordProblem } from './record.js';
import { MAX_TOKENS } from './store.js';

export interface CacheSummary {
  folder: string;
  /** On disk, everything included. */
  bytes: number;
  /** Records written; copies of the same chunk count each. */
  entries: number;
  /** ISO 8601. */
  last_used: string;
  /** What the cache is for; null when its `cache.json` is damaged. */
  metadata: CacheMetadata | null;
}

/** Most recently used first. A directory that does not exist holds none; folders that are not caches are left out. */
export function listCaches(directory: string): CacheSummary[] {
  if (!fs.existsSync(directory)) return [];
  const folders = fs.readdirSync(directory).filter(isCacheName).map((name) => path.join(directory, name));
  return folders.filter((folder) => fs.existsSync(path.join(folder, METADATA_FILE))).map(summarise).sort((a, b) => (a.last_used < b.last_used ? 1 : -1));
}

function summarise(folder: string): CacheSummary {
  const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  const indexes = indexNames(folder).map((name) => path.join(folder, name));
  return {
    folder,
    bytes: files.reduce((sum, file) => sum + sizeOf(file), 0),
    entries: indexes.reduce((sum, file) => sum + Math.max(0, Math.floor(sizeOf(file) / ROW_BYTES) - 1), 0),
    last_used: fs.statSync(path.join(folder, METADATA_FILE)).mtime.toISOString(),
    metadata: readableMetadata(folder),
  };
}

function readableMetadata(folder: string): CacheMetadata | null {
  try {
    return readMetadata(folder) ?? null;
  } catch {
    return null;
  }
}

/** Deletes the caches that were not used for `days`. A run that uses one all the same computes what it misses. @returns what was deleted */
export function pruneCaches(directory: string, days: number, now = new Date()): CacheSummary[] {
  const oldest = new Date(now.getTime() - days * 86_400_000).toISOString();
  const old = listCaches(directory).filter(({ last_used }) => last_used <= oldest);
  for (const { folder } of old) deleteCache(folder);
  return old;
}

/** `cache.json` goes last, so that a cache whose deletion was cut short is still listed. */
function deleteCache(folder: string): void {
  for (const name of fs.readdirSync(folder)) if (name !== METADATA_FILE) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  fs.rmSync(folder, { recursive: true, force: true });
}

export interface Verification {
  checked: number;
  damaged: number;
  /** Of the damaged records, the first few: file, byte and what is wrong. */
  problems: string[];
}

const SHOWN_PROBLEMS = 10;

/** Reads every record of a cache. @param metadata of the cache, from {@link listCaches} */
export async function verifyCache(folder: string, metadata: CacheMetadata, { log, signal, onProgress }: VerifyOptions): Promise<Verification> {
  const tag = tagOf(metadata);
  const { lookup, writers } = loadIndexes(folder, tag, log);
  const reader = openReader(folder, recordBytes(MAX_TOKENS * metadata.width, 'float32'));
  const result: Verification = { checked: 0, damaged: 0, problems: [] };
  try {
    for (const row of lookup.rows()) {
      // Lets Ctrl-C through.
      await new Promise(setImmediate);
      signal.throwIfAborted();
      const place = lookup.place(row);
      const bytes = reader.read(place, writers[place.writer]!);
      const problem = bytes ? recordProblem(bytes, { tag, id: lookup.id(row) }) : 'the file is missing, unreadable or too short';
      onProgress?.(++result.checked);
      if (problem === null) continue;
      result.damaged++;
      if (result.problems.length < SHOWN_PROBLEMS) result.problems.push(`${segmentFile(folder, writers[place.writer]!, place.segment)}: byte ${place.offset}: ${problem}`);
    }
    return result;
  } finally {
    reader.close();
  }
}

export interface VerifyOptions {
  log: Logger;
  signal: AbortSignal;
  onProgress?: (checked: number) => void;
}

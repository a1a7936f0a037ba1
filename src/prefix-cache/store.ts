/** The on-disk store of what the frozen layers of an encoder give for each chunk of a note. */
import { shapeError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { hasRoom } from './budget.js';
import { loadIndexes, segmentFile } from './files.js';
import { halfValues } from './half.js';
import { cacheFolder, identityOf, markUsed, prepareFolder, tagOf, type CacheKey } from './identity.js';
import { isSystemError, openReader } from './reader.js';
import { decodeRecord, encodeRecord, ID_BYTES, recordBytes, recordProblem, type Precision } from './record.js';
import { openWriter, type Writer } from './writer.js';

export interface PrefixCacheOptions {
  /** Folder of all caches; see `cacheDirectory`. */
  directory: string;
  key: CacheKey;
  /** Values a token. */
  width: number;
  precision: Precision;
  log: Logger;
  /** What `medweave cache` shows, e.g. the encoder's name. Not part of the key. */
  label?: string;
  /** Size at which a new segment is begun. */
  segmentBytes?: number;
}

export interface CacheCounts {
  entries: number;
  /** Of the records, on disk. */
  bytes: number;
  /** Records found damaged since the cache was opened. */
  damaged: number;
  /** False once writing has failed or the disk is nearly full: what is there is still read. */
  writable: boolean;
}

export interface PrefixCache {
  readonly folder: string;
  has(id: Uint8Array): boolean;
  /**
   * @param id 16 bytes, see `chunkId`
   * @param target [tokens, width], filled when true is returned and undefined otherwise
   * @returns false when missing or damaged (forgotten then: compute it and write it again)
   */
  read(id: Uint8Array, target: Float32Array): boolean;
  /** @param values [tokens, width] @returns whether the cache holds the chunk now; a failing disk is logged once, never thrown */
  write(id: Uint8Array, values: Float32Array): boolean;
  flush(): void;
  close(): void;
  counts(): CacheCounts;
}

/** Tokens of the longest chunk; the longest note has no more. */
export const MAX_TOKENS = 8192;

/** How often a long run marks the cache as used. */
const MARK_EVERY_MS = 3_600_000;

/**
 * Opens the cache for a key, or makes an empty one. Sees what was there when it was opened and what it writes itself.
 * Several processes may use the same cache at once.
 * @throws configuration error when the folder cannot be created; data error when it is for something else
 */
export function openPrefixCache({ directory, key, width, precision, log, label = '', segmentBytes }: PrefixCacheOptions): PrefixCache {
  const identity = identityOf(key, width, precision);
  const folder = cacheFolder(directory, identity);
  prepareFolder(folder, identity, label);
  markUsed(folder);
  const tag = tagOf(identity);
  const { lookup, writers } = loadIndexes(folder, tag, log);
  const reader = openReader(folder, recordBytes(MAX_TOKENS * width, 'float32'));
  const halves = halfValues();
  const complained = new Set<string>();
  let scratch = new ArrayBuffer(0);
  let writer: Writer | undefined;
  let writable = true;
  let damaged = 0;
  let markedAt = Date.now();

  const check = (id: Uint8Array, values: Float32Array): void => {
    if (id.length !== ID_BYTES) throw shapeError(`prefix cache: an id has ${ID_BYTES} bytes, got ${id.length}`);
    const tokens = values.length / width;
    if (!Number.isInteger(tokens) || tokens < 1 || tokens > MAX_TOKENS) {
      throw shapeError(`prefix cache: expected [tokens, ${width}] values with 1 to ${MAX_TOKENS} tokens, got ${values.length} values`);
    }
  };
  /** @returns what is wrong, or null */
  const readRow = (row: number, id: Uint8Array, target: Float32Array): string | null => {
    const place = lookup.place(row);
    const bytes = reader.read(place, writers[place.writer]!);
    if (!bytes) return 'the file is missing, unreadable or too short';
    return recordProblem(bytes, { tag, id }) ?? (decodeRecord(bytes, halves, target) ? null : `the record does not hold ${target.length} values`);
  };
  const forget = (row: number, problem: string): void => {
    const { writer: number, segment, offset } = lookup.place(row);
    lookup.forget(row);
    damaged++;
    const file = segmentFile(folder, writers[number]!, segment);
    const message = `${file}: damaged at byte ${offset}: ${problem}; the chunk is computed again`;
    // A segment that is gone would otherwise fill the log.
    if (complained.has(file)) return log.debug(message);
    complained.add(file);
    log.warn(`${message} (as will be any other damaged chunk of this file)`);
  };
  const scratchFor = (bytes: number): ArrayBuffer => (scratch.byteLength >= bytes ? scratch : (scratch = new ArrayBuffer(bytes)));
  const store = (id: Uint8Array, values: Float32Array): void => {
    if (!hasRoom(folder, values.byteLength)) return stopWriting('less than 1 GiB would be left on its disk');
    if (!writer) {
      writer = openWriter(folder, tag, segmentBytes);
      writers.push(writer.name);
    }
    const record = encodeRecord(values, { tag, id, precision, width, scratch: scratchFor(recordBytes(values.length, 'float32')) });
    lookup.add(id, { ...writer.append(id, record), writer: writers.length - 1 });
  };
  const stopWriting = (why: string): void => {
    if (writable) log.warn(`${folder}: cannot be written (${why}); going on without adding to the cache`);
    writable = false;
  };
  /** A full or failing disk must not end a training run. */
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      stopWriting(error.code ?? error.message);
    }
  };
  const markNowAndThen = (): void => {
    if (Date.now() - markedAt < MARK_EVERY_MS) return;
    markedAt = Date.now();
    markUsed(folder);
  };

  return {
    folder,
    has: (id) => lookup.find(id) >= 0,
    read(id, target) {
      check(id, target);
      markNowAndThen();
      for (let row = lookup.find(id); row >= 0; row = lookup.find(id)) {
        const problem = readRow(row, id, target);
        if (problem === null) return true;
        forget(row, problem);
      }
      return false;
    },
    write(id, values) {
      check(id, values);
      markNowAndThen();
      if (writable && lookup.find(id) < 0) attempt(() => store(id, values));
      return lookup.find(id) >= 0;
    },
    flush: () => attempt(() => writer?.flush()),
    close() {
      attempt(() => writer?.flush());
      attempt(() => writer?.close());
      reader.close();
      markUsed(folder);
    },
    counts: () => ({ ...lookup.counts(), damaged, writable }),
  };
}

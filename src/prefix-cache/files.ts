/** Names, permissions and the index rows of the files in a cache's folder. */
import fs from 'node:fs';
import path from 'node:path';
import type { Logger } from '../core/log.js';
import { createLookup, type Lookup } from './lookup.js';

/** What is computed from patients' notes is for its owner's eyes. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** A segment is closed before it grows past this, so that no file is unwieldy and offsets fit 32 bits. */
export const SEGMENT_BYTES = 256 * 2 ** 20;

const INDEX_NAME = /^w\d{4,}\.index$/;

/** Each process that writes has a name of its own; nobody else appends to its files. */
export const writerName = (number: number): string => `w${String(number).padStart(4, '0')}`;
export const indexFile = (folder: string, writer: string): string => path.join(folder, `${writer}.index`);
export const segmentFile = (folder: string, writer: string, segment: number): string =>
  path.join(folder, `${writer}-${String(segment).padStart(5, '0')}.segment`);

/** Header and rows alike. A row: id (4 words), segment, offset, bytes, 0. The header: magic, format, 0, 0, tag (4 words). */
export const ROW_BYTES = 32;

const MAGIC = 0x4950574d;
const FORMAT = 1;

export function indexHeader(tag: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ROW_BYTES);
  new Uint32Array(bytes.buffer).set([MAGIC, FORMAT]);
  bytes.set(tag, 16);
  return bytes;
}

export function indexRow(id: Uint8Array, { segment, offset, bytes }: { segment: number; offset: number; bytes: number }): Uint8Array {
  const row = new Uint8Array(ROW_BYTES);
  row.set(id);
  new Uint32Array(row.buffer).set([segment, offset, bytes], 4);
  return row;
}

export const indexNames = (folder: string): string[] => fs.readdirSync(folder).filter((name) => INDEX_NAME.test(name)).sort();

export interface LoadedIndex {
  lookup: Lookup;
  /** By the number that places carry. */
  writers: string[];
}

/**
 * Reads every index whole. A row that was cut off (its writer was killed, or is writing just now) is left out; a row damaged
 * otherwise does no harm, because the record it points to vouches for itself.
 */
export function loadIndexes(folder: string, tag: Uint8Array, log: Logger): LoadedIndex {
  const loaded = indexNames(folder).flatMap((name) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    if (Buffer.compare(bytes.subarray(0, ROW_BYTES), indexHeader(tag)) === 0) return [{ writer: path.parse(name).name, bytes }];
    // An index without a whole header belongs to a writer that has just begun, or was killed then.
    if (bytes.length >= ROW_BYTES) log.warn(`${path.join(folder, name)}: damaged, or the index of another cache; its entries are computed again`);
    return [];
  });
  const rowsIn = (bytes: Buffer): number => Math.floor(bytes.length / ROW_BYTES) - 1;
  const lookup = createLookup(loaded.reduce((sum, { bytes }) => sum + rowsIn(bytes), 0) + 1);
  loaded.forEach(({ bytes }, writer) => {
    for (let at = ROW_BYTES; at + ROW_BYTES <= bytes.length; at += ROW_BYTES) {
      const place = { writer, segment: bytes.readUInt32LE(at + 16), offset: bytes.readUInt32LE(at + 20), bytes: bytes.readUInt32LE(at + 24) };
      lookup.add(bytes.subarray(at, at + 16), place);
    }
  });
  return { lookup, writers: loaded.map(({ writer }) => writer) };
}

export function writeFully(handle: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(handle, bytes, at, bytes.length - at, position + at);
}

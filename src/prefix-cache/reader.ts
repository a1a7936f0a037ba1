/** Reads records from segments, with a bounded number of files open and one buffer for all. */
import fs from 'node:fs';
import { segmentFile } from './files.js';
import type { Place } from './lookup.js';
import { ID_BYTES, RECORD_HEADER_BYTES } from './record.js';

/** Well below the usual limit of 1,024 open files a process. */
const MAX_OPEN_FILES = 64;

export interface SegmentReader {
  /** @returns the bytes at a place, valid until the next call; undefined when the file is missing, too short or unreadable */
  read(place: Place, writer: string): Uint8Array | undefined;
  close(): void;
}

/** @param maxBytes no record is longer; a longer one is a damaged index row */
export function openReader(folder: string, maxBytes: number): SegmentReader {
  let buffer = new Uint8Array(ID_BYTES);
  /** In order of last use. */
  const handles = new Map<string, number>();

  const handleOf = (file: string): number => {
    const handle = handles.get(file) ?? fs.openSync(file, 'r');
    handles.delete(file);
    handles.set(file, handle);
    if (handles.size > MAX_OPEN_FILES) closeOldest();
    return handle;
  };
  const closeOldest = (): void => {
    const [file, handle] = handles.entries().next().value!;
    handles.delete(file);
    fs.closeSync(handle);
  };
  const readFully = (handle: number, { offset, bytes }: Place): Uint8Array | undefined => {
    if (buffer.length < bytes) buffer = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const count = fs.readSync(handle, buffer, at, bytes - at, offset + at);
      if (count === 0) return undefined;
      at += count;
    }
    return buffer.subarray(0, bytes);
  };

  return {
    read(place, writer) {
      if (place.bytes < RECORD_HEADER_BYTES || place.bytes > maxBytes) return undefined;
      try {
        return readFully(handleOf(segmentFile(folder, writer, place.segment)), place);
      } catch (error) {
        if (isSystemError(error)) return undefined;
        throw error;
      }
    },
    close() {
      while (handles.size) closeOldest();
    },
  };
}

/** What the operating system refused: ENOENT, EIO, ENOSPC, … */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;

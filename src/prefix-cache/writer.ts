/** Appends records to segments of its own, each followed by its row in an index of its own. */
import fs from 'node:fs';
import { FILE_MODE, indexFile, indexHeader, indexRow, ROW_BYTES, SEGMENT_BYTES, segmentFile, writerName, writeFully } from './files.js';

export interface Writer {
  name: string;
  /** The record first, then its row: a kill in between loses this record and nothing else. @throws the operating system's errors */
  append(id: Uint8Array, record: Uint8Array): { segment: number; offset: number; bytes: number };
  /** Afterwards, what was appended survives a power cut too. */
  flush(): void;
  close(): void;
}

export function openWriter(folder: string, tag: Uint8Array, segmentBytes = SEGMENT_BYTES): Writer {
  const { name, handle: index } = claimName(folder);
  let segment: number | undefined;
  let segmentNumber = 0;
  let offset = 0;
  let indexSize = ROW_BYTES;
  writeFully(index, indexHeader(tag), 0);

  const handleFor = (bytes: number): number => {
    if (segment !== undefined && offset + bytes <= segmentBytes) return segment;
    const following = fs.openSync(segmentFile(folder, name, segmentNumber + 1), 'wx', FILE_MODE);
    if (segment !== undefined) fs.closeSync(segment);
    segmentNumber++;
    offset = 0;
    return (segment = following);
  };

  return {
    name,
    append(id, record) {
      const handle = handleFor(record.length);
      const place = { segment: segmentNumber, offset, bytes: record.length };
      writeFully(handle, record, offset);
      writeFully(index, indexRow(id, place), indexSize);
      offset += record.length;
      indexSize += ROW_BYTES;
      return place;
    },
    flush() {
      if (segment !== undefined) fs.fdatasyncSync(segment);
      fs.fdatasyncSync(index);
    },
    close() {
      if (segment !== undefined) fs.closeSync(segment);
      fs.closeSync(index);
    },
  };
}

/** The first number that no process has taken (nor left segments under, should its index have been deleted); creating the file takes it. */
function claimName(folder: string): { name: string; handle: number } {
  for (let number = 1; ; number++) {
    const name = writerName(number);
    if (fs.existsSync(segmentFile(folder, name, 1))) continue;
    try {
      return { name, handle: fs.openSync(indexFile(folder, name), 'wx', FILE_MODE) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Whether what will be cached fits on the disk: better to say so before the first step than to fill a disk that others use. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError } from '../core/errors.js';
import { RECORD_HEADER_BYTES, type Precision } from './record.js';
import { ROW_BYTES } from './files.js';

/** Left free for everything else on the disk, a run's own checkpoints among it. */
const MARGIN_BYTES = 2 ** 30;

/** Bytes on disk of `chunks` entries with `tokens` tokens in all (an upper bound for float16 unless values exceed its range). */
export const cacheBytes = ({ chunks, tokens, width, precision }: { chunks: number; tokens: number; width: number; precision: Precision }): number =>
  chunks * (RECORD_HEADER_BYTES + ROW_BYTES) + tokens * width * (precision === 'float16' ? 2 : 4);

export interface SpaceRequest {
  /** Folder of all caches; need not exist yet. */
  directory: string;
  /** What is still to be written. */
  bytesNeeded: number;
  /** In tests, another disk. */
  statfs?: Statfs;
}

type Statfs = (folder: string) => { bavail: number; bsize: number; blocks: number };

/** @throws configuration error when the disk would be left with less than 1 GiB */
export function checkSpace({ directory, bytesNeeded, statfs = fs.statfsSync }: SpaceRequest): void {
  if (bytesNeeded <= 0) return;
  const free = freeBytes(nearestExisting(path.resolve(directory)), statfs);
  if (bytesNeeded + MARGIN_BYTES <= free) return;
  throw configurationError(
    `${directory}: the cache of the frozen layers needs ${gibibytes(bytesNeeded)} (and ${gibibytes(MARGIN_BYTES)} to spare), ${gibibytes(free)} are free; ` +
      'choose another cache.directory, cache.precision: float16, fewer model.text.max_tokens, or cache.enabled: false',
  );
}

/** While caching: the disk may fill for reasons of its own. */
export const hasRoom = (folder: string, bytes: number): boolean => freeBytes(folder, fs.statfsSync) >= bytes + MARGIN_BYTES;

/** A file system that does not tell its size (some network ones) is taken to have room; should it be full, writing will say so. */
function freeBytes(folder: string, statfs: Statfs): number {
  const { bavail, bsize, blocks } = statfs(folder);
  return blocks === 0 ? Infinity : bavail * bsize;
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function nearestExisting(folder: string): string {
  let existing = folder;
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  return existing;
}

/** Lengths of notes for `medweave bench`: of a data directory, or from a file. Lengths only, never text. */
import fs from 'node:fs';
import { configurationError, dataError } from '../core/errors.js';
import { openDataset } from '../dataset/index.js';

/** Tokens of each note in a data directory, [CLS] and [SEP] not included, shortest first. */
export async function noteLengths(data: string): Promise<number[]> {
  const { tokens, size } = await openDataset(data);
  const lengths = Array.from({ length: size }, (_, row) => tokens.lengthOf(row)).filter((length) => length > 0);
  if (!lengths.length) throw dataError(`${data}: no visit has a note`);
  return lengths.sort((a, b) => a - b);
}

/** A JSON list of whole numbers. */
export function readLengths(file: string): number[] {
  let lengths: unknown;
  try {
    lengths = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw configurationError(`--lengths ${file}: cannot be read as JSON (${(cause as Error).message})`, cause);
  }
  if (Array.isArray(lengths) && lengths.length && lengths.every((length) => Number.isInteger(length) && length > 0)) return lengths as number[];
  throw configurationError(`--lengths ${file}: expected a JSON list of note lengths in tokens, whole numbers above 0`);
}

/** So many lengths with the same distribution: evenly spaced among the sorted ones. */
export function thinOut(lengths: readonly number[], count: number): number[] {
  const sorted = lengths.toSorted((a, b) => a - b);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!);
}

/** Text files of a corpus, decoded strictly: CodiEsp's offsets count characters, so a replaced byte would shift them silently. */
import fs from 'node:fs';
import { dataError } from '../../core/errors.js';

/** @throws data error when the file cannot be read or is not UTF-8 */
export function readUtf8(file: string): string {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (cause) {
    throw dataError(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw dataError(`${file}: not valid UTF-8; convert the file to UTF-8`, cause);
  }
}

export interface TsvLine {
  /** From 1. */
  line: number;
  fields: string[];
}

/** What the column of cases may be called where a table has a first line of names; no case is called so. */
const headings = ['file', 'filename', 'document', 'doc', 'doc_id', 'case', 'articleid'];

const isHeader = ({ line, fields }: TsvLine): boolean => line === 1 && headings.includes(fields[0]!.toLowerCase());

/** The lines of a tab-separated file; empty lines and a header are skipped. @throws data error when there is none */
export function readTsv(file: string): TsvLine[] {
  const lines = readUtf8(file).replace(/^\uFEFF/, '').split(/\r?\n/)
    .map((text, index) => ({ line: index + 1, fields: text.split('\t').map((field) => field.trim()) }))
    .filter((line) => line.fields.some((field) => field !== '') && !isHeader(line));
  if (!lines.length) throw dataError(`${file}: the file is empty; expected tab-separated annotations`);
  return lines;
}

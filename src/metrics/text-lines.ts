/** Lines of the small tables that users bring. */
import fs from 'node:fs';
import { dataError } from '../core/errors.js';

export interface TextLine {
  /** From 1. */
  line: number;
  text: string;
}

/** Lines of a UTF-8 file with any line ending, without its blank ones. @throws data error when it cannot be read or is not UTF-8 */
export const readLines = (file: string): TextLine[] =>
  readText(file)
    .split(/\r\n|\n|\r/)
    .map((text, i) => ({ line: i + 1, text }))
    .filter(({ text }) => text.trim() !== '');

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file)); // drops a byte order mark
  } catch (cause) {
    if (cause instanceof TypeError) throw dataError(`${file}: not valid UTF-8; convert the file`, cause);
    throw dataError(`${file}: cannot be read; check the path`, cause);
  }
}

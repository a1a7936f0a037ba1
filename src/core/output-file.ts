/** Single files that commands write: refused before the work begins where they cannot be written, and written whole or not at all. */
import fs from 'node:fs';
import path from 'node:path';
import { configurationError } from './errors.js';

/** @param endings that have a format @throws configuration error for another ending, a missing folder, or a file that is there already */
export function checkOutputFile(out: string, endings: readonly string[], force: boolean): void {
  if (!endings.includes(path.extname(out))) throw configurationError(`--out ${out}: expected a file ending in ${alternatives(endings)}`);
  const folder = path.dirname(out);
  if (!fs.existsSync(folder)) throw configurationError(`--out ${out}: the folder ${folder} does not exist; make it first`);
  if (fs.existsSync(out) && !force) throw configurationError(`--out ${out}: exists already; choose another name, or --force to replace it`);
}

const alternatives = (names: readonly string[]): string => names.join(names.length > 2 ? ', ' : ' or ');

const temporaryName = (file: string): string => `${file}.tmp-${process.pid}`;

/** Under a temporary name, then renamed. */
export function writeWhole(file: string, text: string, options: { mode?: number } = {}): void {
  fs.writeFileSync(temporaryName(file), text, options);
  fs.renameSync(temporaryName(file), file);
}

/** The same for what a library writes. @param write is given the temporary name */
export async function writeWholeBy(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  try {
    await write(temporaryName(file));
    fs.renameSync(temporaryName(file), file);
  } finally {
    fs.rmSync(temporaryName(file), { force: true });
  }
}

/** Notes to code from a folder of texts. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../src/core/errors.js';
import { readUtf8 } from '../../src/records/codiesp/lines.js';
import type { Note } from './note.js';

const ENDING = '.txt';

/** @returns one note a `.txt` file, by name; empty files too @throws data error when there is none */
export function readTexts(dir: string): Note[] {
  if (!fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw dataError(`${dir}: no such folder; expected a folder of ${ENDING} files, one a note`);
  const names = fs.readdirSync(dir).filter((name) => name.endsWith(ENDING)).sort();
  if (!names.length) throw dataError(`${dir}: no ${ENDING} file in the folder; expected one a note`);
  return names.map((name) => {
    const id = name.slice(0, -ENDING.length);
    return { id, group: id, text: readUtf8(path.join(dir, name)), annotations: {} };
  });
}

/** A coder's answers as files: CodiEsp's ranked lists and decided codes for each kind, the evidence of the decided ones, and everything as JSON. */
import fs from 'node:fs';
import path from 'node:path';
import { codiespXLines } from '../evidence/codiesp-x.js';
import type { ExplainedCode, ExplainedNote } from '../evidence/explained-note.js';
import { rankedCodes } from './ranked.js';

/** CodiEsp's letters of its tasks. */
const LETTERS: Readonly<Record<string, string>> = { dx: 'D', px: 'P' };

/** @returns the names of the files, with what each is for */
export function writePredictions(dir: string, notes: readonly ExplainedNote[], kinds: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {};
  const write = (name: string, content: string, purpose: string): void => {
    fs.writeFileSync(path.join(dir, name), content);
    files[name] = purpose;
  };
  for (const kind of kinds) {
    const letter = LETTERS[kind] ?? kind;
    write(`${letter}-ranked.tsv`, codeLines(notes, (note) => rankedCodes(note, kind)), `candidates in order of rank, of notes that probably have such codes; for MAP`);
    write(`${letter}-predicted.tsv`, codeLines(notes, ({ codes }) => codes.filter((one) => one.kind === kind && one.predicted)), `the codes above the threshold, for precision, recall and F1`);
  }
  write('X-predicted.tsv', codiespXLines(notes), 'where the text speaks for the codes above the threshold');
  write('notes.jsonl', notes.map((note) => `${JSON.stringify(note)}\n`).join(''), 'texts, codes, probabilities and places; patient text');
  return files;
}

const codeLines = (notes: readonly ExplainedNote[], wanted: (note: ExplainedNote) => ExplainedCode[]): string =>
  notes.flatMap((note) => wanted(note).map(({ code }) => `${note.id}\t${code.toLowerCase()}\n`)).join('');

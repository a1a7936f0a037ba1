/** A coder's answers as files: CodiEsp's ranked lists and decided codes for each kind, the evidence of the decided ones, and everything as JSON. */
import fs from 'node:fs';
import path from 'node:path';
import { codiespXLines } from '../evidence/codiesp-x.js';
import type { ExplainedCode, ExplainedNote } from '../evidence/explained-note.js';

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
    write(`${letter}-ranked.tsv`, codeLines(notes, (one) => one.kind === kind), `every candidate in order of rank, for MAP`);
    write(`${letter}-predicted.tsv`, codeLines(notes, (one) => one.kind === kind && one.predicted), `the codes above the threshold, for precision, recall and F1`);
  }
  write('X-predicted.tsv', codiespXLines(notes), 'where the text speaks for the codes above the threshold');
  write('notes.jsonl', notes.map((note) => `${JSON.stringify(note)}\n`).join(''), 'texts, codes, probabilities and places; patient text');
  return files;
}

const codeLines = (notes: readonly ExplainedNote[], wanted: (code: ExplainedCode) => boolean): string =>
  notes.flatMap(({ id, codes }) => codes.filter(wanted).map(({ code }) => `${id}\t${code.toLowerCase()}\n`)).join('');

/** Mentions in the format of the annotation tool brat, one `.ann` file a case; the code of a mention stands in the annotator's note. */
import fs from 'node:fs';
import path from 'node:path';
import { readUtf8 } from './lines.js';

export interface BratLine {
  file: string;
  line: number;
  /** As in an X file: case, label, code, text, offsets; without a note, no code. */
  fields: string[];
}

/** The mentions in all `.ann` files of a folder (`T1⇥LABEL 3 8;12 17⇥words`), each with the code in its note (`#1⇥AnnotatorNotes T1⇥8140/3`). */
export function readBrat(dir: string): BratLine[] {
  return fs.readdirSync(dir).filter((name) => name.endsWith('.ann')).sort().flatMap((name) => {
    const file = path.join(dir, name);
    const rows = readUtf8(file).split(/\r?\n/).map((text, index) => ({ line: index + 1, cells: text.split('\t') }));
    const notes = new Map(rows.flatMap(({ cells: [id, what, note] }) => (id?.startsWith('#') ? [[what?.split(' ')[1], note?.trim()] as const] : [])));
    return rows.filter(({ cells: [id] }) => id?.startsWith('T')).map(({ line, cells: [id, span = '', words = ''] }) => {
      const [label = '', ...offsets] = span.split(' ');
      return { file, line, fields: [name.slice(0, -'.ann'.length), label, notes.get(id) ?? '', words, offsets.join(' ')] };
    });
  });
}

/** Explained notes as a file: a page (.html), CodiEsp's task X (.tsv), or one JSON object a note (.jsonl). Wherever they come from. */
import path from 'node:path';
import { codiespXLines } from '../../../finetune/evidence/codiesp-x.js';
import type { ExplainedNote } from '../../../finetune/evidence/explained-note.js';
import { noticeText, writeNotices, type Notices } from '../../core/notices.js';
import { checkOutputFile, writeWhole } from '../../core/output-file.js';
import { packageVersion } from '../../core/paths.js';
import { renderExplanation } from '../../report/explanation-report.js';
import { shownNotes, type ShownNotesOptions } from './shown-notes.js';

export interface AboutExplanation extends ShownNotesOptions {
  title: string;
  summary: string;
  /** What the data's owners ask of whoever holds a copy. */
  notices: Notices;
}

type Format = (notes: readonly ExplainedNote[], about: AboutExplanation) => string | Promise<string>;

const formats: Record<string, Format> = {
  '.html': async (notes, { title, summary, notices, gold, titles }) =>
    renderExplanation({
      ...{ title, summary, licence: noticeText(notices), annotated: gold !== undefined },
      ...{ notes: await shownNotes(notes, { gold, titles }), version: packageVersion(), createdAt: new Date().toISOString() },
    }),
  '.tsv': codiespXLines,
  '.jsonl': (notes) => notes.map((note) => `${JSON.stringify(note)}\n`).join(''),
};

/** Patients' text is for whoever wrote the file. */
const FILE_MODE = 0o600;

/** @throws configuration error for an ending that is no format, a missing folder, or a file that is there already; call it before the work begins */
export const checkExplanationFile = (out: string, force: boolean): void => checkOutputFile(out, Object.keys(formats), force);

/** @param out checked by {@link checkExplanationFile} */
export async function writeExplanation(out: string, notes: readonly ExplainedNote[], about: AboutExplanation): Promise<void> {
  const text = await formats[path.extname(out)]!(notes, about);
  writeWhole(out, text, { mode: FILE_MODE });
  writeNotices(out, about.notices);
}

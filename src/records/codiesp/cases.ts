/**
 * Cases. Rule: a case is a visit; its file's name without ending is the visit. Cases cut from one article (`…-1`, `…-2`) tell of
 * related patients, so the article is the patient. The official split stays selectable as `source_split`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import { createProgress } from '../../core/progress.js';
import { appendRows } from '../duckdb.js';
import type { Ingest } from '../staging.js';
import type { SplitFolder } from './split-folder.js';
import { readUtf8 } from './lines.js';

export const articleOf = (visitId: string): string => visitId.replace(/-\d+$/, '');

interface Case {
  visitId: string;
  split: string;
  file: string;
}

/** Cases in the order of the splits; one that is in two of them (test cases hide in some releases' background) counts in the first. */
function listCases(folders: readonly SplitFolder[]): { cases: Case[]; repeated: number } {
  const cases = new Map<string, Case>();
  let repeated = 0;
  for (const { split, texts } of folders) {
    const names = fs.readdirSync(texts).filter((name) => name.endsWith('.txt')).sort();
    if (!names.length) throw dataError(`${texts}: no .txt file in the folder`);
    for (const name of names) {
      const visitId = name.slice(0, -'.txt'.length);
      if (cases.has(visitId)) repeated++;
      else cases.set(visitId, { visitId, split, file: path.join(texts, name) });
    }
  }
  return { cases: [...cases.values()], repeated };
}

/** Fills `visits` and `notes`. */
export async function loadCases({ connection, coverage, log }: Ingest, folders: readonly SplitFolder[]): Promise<void> {
  const { cases, repeated } = listCases(folders);
  await appendRows(connection, 'visits', (append) =>
    cases.forEach(({ visitId, split }) => append(visitId, articleOf(visitId), null, null, null, null, null, null, null, split)));
  const progress = createProgress({ label: 'cases', total: cases.length, unit: 'cases', log });
  const empty: string[] = [];
  await appendRows(connection, 'notes', (append) => {
    cases.forEach(({ visitId, file }, index) => {
      const text = readUtf8(file);
      if (text.trim()) append(visitId, 'case', null, text);
      else empty.push(file);
      progress.update(index + 1);
    });
  });
  progress.finish();
  await appendRows(connection, 'rejects', (append) => empty.forEach((file) => append(file, 1, 'no text')));
  for (const { texts } of folders) {
    const here = cases.filter(({ file }) => path.dirname(file) === texts).length;
    const listed = fs.readdirSync(texts).filter((name) => name.endsWith('.txt')).length;
    const rejected = empty.filter((file) => path.dirname(file) === texts).length;
    coverage.files.push({ file: texts, records: listed, kept: here - rejected, merged: listed - here, rejected, set_aside: {} });
  }
  if (repeated) coverage.quirks.cases_in_two_splits = repeated;
}

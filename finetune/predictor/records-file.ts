/** Records on disk: a file of JSON lines, or a folder of texts; one after the other, however many there are. */
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { dataError } from '../../src/core/errors.js';
import { readTexts } from '../coder/read-texts.js';
import type { ClinicalRecord } from './predictor.js';
import { clinicalRecord, isEmptyRecord, RECORD_FIELDS, recordSchema } from './record-schema.js';

const LINES = '.jsonl';

export type NamedRecord = ClinicalRecord & { id: string };

/**
 * @param source a `.jsonl` file of records ({@link recordSchema}; without an `id` the line's number is it), or a folder of `.txt` files, one a note
 * @throws data error naming the line, never quoting it
 */
export async function* readRecords(source: string): AsyncGenerator<NamedRecord> {
  const stat = fs.statSync(source, { throwIfNoEntry: false });
  if (!stat) throw dataError(`${source}: no such file or folder; expected a ${LINES} file of records, or a folder of .txt files`);
  if (stat.isDirectory()) {
    for (const { id, text } of readTexts(source)) yield { id, text };
    return;
  }
  if (path.extname(source) !== LINES) throw dataError(`${source}: expected a ${LINES} file with one record a line (${RECORD_FIELDS}), or a folder of .txt files`);
  let line = 0;
  for await (const text of readline.createInterface({ input: fs.createReadStream(source), crlfDelay: Infinity })) {
    line++;
    if (text.trim()) yield parseLine(text, `${source}:${line}`, String(line));
  }
  if (!line) throw dataError(`${source}: the file is empty; expected one record a line (${RECORD_FIELDS})`);
}

function parseLine(text: string, where: string, name: string): NamedRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the line, which may hold a patient's text.
    throw dataError(`${where}: not valid JSON; expected one record a line, {"text": …, "codes": […]}`);
  }
  const checked = recordSchema.safeParse(value);
  if (!checked.success) {
    const { path: field } = checked.error.issues[0]!;
    throw dataError(`${where}: not a record${field.length ? `, see ${field.join('.')}` : ''}; expected the fields ${RECORD_FIELDS}, codes as "icd10cm:E11.9" or {"system", "code"}`);
  }
  const record = clinicalRecord(checked.data);
  if (isEmptyRecord(record)) throw dataError(`${where}: the record has no text, no codes and no history; give one of them`);
  return { ...record, id: record.id ?? name };
}

/** Titles of full codes from tables the user has: CMS order files (text or CSV) and MIMIC's d_icd_diagnoses and d_icd_procedures. */
import fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { messageOf, quotedCell } from '../src/core/error-text.js';
import { dataError } from '../src/core/errors.js';
import type { CodeSystem } from './system.js';

interface TitleLine {
  code: string;
  title: string;
  line: number;
  /** ICD version of the row, where the file mixes versions (MIMIC-IV). */
  version?: string;
}

/**
 * Reads the titles of one system. Rows of another ICD version are left out; `.gz` is accepted.
 * @returns canonical code → title
 * @throws data error (file, line) for an unreadable file, unknown columns or a code that cannot be one of the system
 */
export async function loadTitles(file: string, system: CodeSystem): Promise<Map<string, string>> {
  const text = await readText(file);
  const lines = isOrderFile(text) ? orderLines(text) : csvLines(text, file);
  const titles = new Map<string, string>();
  for (const { code, title, line, version } of lines) {
    if (version !== undefined && version !== versionOf(system)) continue;
    const canonical = system.normalise(code);
    if (!canonical) throw dataError(`${file}:${line}: ${quotedCell(code)} cannot be a code of ${system.id}; is this the file of another system?`);
    titles.set(canonical, title);
  }
  if (!titles.size) throw dataError(`${file}: no titles of ${system.id} in it; is this the file of another system?`);
  return titles;
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await fs.promises.readFile(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  } catch (cause) {
    throw dataError(`${file}: cannot read the table of titles (${messageOf(cause)}); give a UTF-8 CSV or CMS order file, plain or .gz`, cause);
  }
}

const versionOf = ({ id }: CodeSystem): string => (id.startsWith('icd9') ? '9' : '10');

// CMS publishes fixed-width lines: order number (5), code (7), billable (1), short title (60), long title, separated by spaces.
const orderLine = /^\d{5} (.{7}) [01] (.{60}) (.*)$/;

const isOrderFile = (text: string): boolean => orderLine.test(text.slice(0, text.indexOf('\n')).trimEnd());

function orderLines(text: string): TitleLine[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    const match = orderLine.exec(content);
    return match ? [{ code: match[1]!.trim(), title: match[3]!.trim(), line: index + 1 }] : [];
  });
}

const codeColumns = ['code', 'icd_code', 'icd9_code', 'icd10_code'];
const titleColumns = ['long', 'long_title', 'title', 'short', 'short_title'];

function csvLines(text: string, file: string): TitleLine[] {
  const lowerCase = (header: string[]): string[] => header.map((column) => column.trim().toLowerCase());
  let rows: { info: { lines: number }; record: Record<string, string> }[];
  try {
    rows = parse(text, { bom: true, columns: lowerCase, info: true, skip_empty_lines: true }) as never;
  } catch (cause) {
    throw dataError(`${file}: not a valid CSV file: ${messageOf(cause)}`, cause);
  }
  const columns = Object.keys(rows[0]?.record ?? {});
  const code = codeColumns.find((column) => columns.includes(column));
  const title = titleColumns.find((column) => columns.includes(column));
  if (!code || !title) {
    throw dataError(`${file}:1: expected a column ${codeColumns.join(' or ')} and a column ${titleColumns.join(' or ')}, got ${columns.join(', ') || 'no rows'}`);
  }
  return rows.map(({ record, info }) => ({ code: record[code]!, title: record[title]!, line: info.lines, version: record.icd_version?.trim() }));
}

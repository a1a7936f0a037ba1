/** The tab-separated files of CodiEsp: UTF-8, any line ending, no header (one is passed over: corpora of the same shape have it). */
import { dataError } from '../../core/errors.js';
import { readLines } from '../text-lines.js';
import type { EvidenceSpan } from './evidence-spans.js';
import type { CodeAssignment } from './ranked-codes.js';

interface TsvRow {
  /** From 1. */
  line: number;
  cells: string[];
}

/** Rows of a file without its blank lines. @throws data error when it cannot be read or is not UTF-8 */
export const readTsv = (file: string): TsvRow[] => readLines(file).map(({ line, text }) => ({ line, cells: text.split('\t') }));

/** A first line that names the columns: `file⇥code`; no document and no code is called so. */
const isHeader = ({ line, cells }: TsvRow): boolean => line === 1 && /^(file|filename|document|doc|case)$/i.test(cells[0]!.trim()) && cells.some((cell) => /^codes?$/i.test(cell.trim()));

/** Rows with exactly the named columns, none of them empty. */
function readColumns(file: string, columns: readonly string[]): TsvRow[] {
  const expected = `${columns.length} tab-separated columns (${columns.join(', ')})`;
  const rows = readTsv(file).filter((row) => !isHeader(row));
  for (const { line, cells } of rows) {
    if (cells.length !== columns.length) throw dataError(`${file}:${line}: expected ${expected}, got ${cells.length}`);
    const empty = cells.findIndex((cell) => cell.trim() === '');
    if (empty >= 0) throw dataError(`${file}:${line}: expected ${expected}, got an empty ${columns[empty]}`);
  }
  return rows;
}

/** Document and code of each line of a CodiEsp-D or -P file, in file order. */
export const readCodeAssignments = (file: string): CodeAssignment[] =>
  readColumns(file, ['document', 'code']).map(({ cells }) => ({ document: cells[0]!, code: cells[1]! }));

/** `12 20` or, discontinuous, `12 20;31 40`: the first start and the last end. */
function parseSpan(text: string, where: string): { start: number; end: number } {
  if (!/^\d+ \d+(;\d+ \d+)*$/.test(text)) throw dataError(`${where}: expected a span such as \`12 20\` or \`12 20;31 40\` in characters`);
  const offsets = text.split(/[ ;]/).map(Number);
  return { start: offsets[0]!, end: offsets.at(-1)! };
}

/** Gold of CodiEsp-X: document, label, code, text, span. */
export const readGoldEvidence = (file: string): EvidenceSpan[] =>
  readColumns(file, ['document', 'label', 'code', 'text', 'span']).map(({ line, cells }) => ({
    document: cells[0]!,
    code: cells[2]!,
    ...parseSpan(cells[4]!, `${file}:${line}`),
  }));

/** Predictions of CodiEsp-X: document, span, label, code. The label is not scored. */
export const readPredictedEvidence = (file: string): EvidenceSpan[] =>
  readColumns(file, ['document', 'span', 'label', 'code']).map(({ line, cells }) => ({
    document: cells[0]!,
    code: cells[3]!,
    ...parseSpan(cells[1]!, `${file}:${line}`),
  }));

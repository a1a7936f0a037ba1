/** One pass over a CSV file: checks gzip, UTF-8 and quoting, counts the records and hands each to a consumer; memory does not grow with the file. */
import { isUtf8 } from 'node:buffer';
import { dataError } from '../../core/errors.js';
import { byteChunks } from './bytes.js';
import { BROKEN_QUOTE, createSpans, fieldText, INCOMPLETE, LF, parseRecord } from './record.js';

/** A record larger than this (16 MiB) is an open quote that swallowed the rest of the file. */
const LARGEST_RECORD = 1 << 24;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** Valid only during the call that receives it. */
export interface CsvRecord {
  /** Line of the file on which the record begins, from 1. */
  line: number;
  /** Number of fields. */
  width: number;
  /** Text of a field by position; null when empty. */
  text(field: number): string | null;
}

export interface CsvSummary {
  /** Records with at least one byte, the header included. */
  records: number;
  /** Lines without a byte; they are no records. */
  emptyLines: number[];
  /** First record that spans several lines, where there is one. */
  firstMultiline?: number;
}

const countLines = (buffer: Buffer, start: number, end: number): number => {
  let lines = 0;
  for (let at = buffer.indexOf(LF, start); at >= 0 && at < end; at = buffer.indexOf(LF, at + 1)) lines++;
  return lines;
};

/** Checks the whole lines of a buffer: a multi-byte character cannot straddle a line end. */
function expectUtf8(buffer: Buffer, { file, line, atEnd }: { file: string; line: number; atEnd: boolean }): void {
  const whole = atEnd ? buffer.length : buffer.lastIndexOf(LF) + 1;
  if (isUtf8(buffer.subarray(0, whole))) return;
  for (let start = 0, at = line; start < whole; at++) {
    const end = buffer.indexOf(LF, start) + 1 || whole;
    if (!isUtf8(buffer.subarray(start, end))) throw dataError(`${file} line ${at}: not valid UTF-8; convert the file to UTF-8`);
    start = end;
  }
}

const brokenQuote = (file: string, line: number) =>
  dataError(`${file} line ${line}: the record that begins here has unbalanced quotes; the file is damaged, fetch it again`);

/**
 * Reads a `.csv` or `.csv.gz` file to its end. Empty lines are skipped.
 * @throws data error for a damaged gzip file, invalid UTF-8 or unbalanced quotes, with the line
 */
export async function scanCsv(file: string, onRecord: (record: CsvRecord) => void = () => undefined): Promise<CsvSummary> {
  const summary: CsvSummary = { records: 0, emptyLines: [] };
  const spans = createSpans();
  let buffer: Buffer = Buffer.alloc(0);
  let line = 1;
  let first = true;
  const record: CsvRecord = { line, width: 0, text: (field) => fieldText(buffer, spans, field) };

  const takeRecords = (atEnd: boolean): void => {
    expectUtf8(buffer, { file, line, atEnd });
    let start = 0;
    while (start < buffer.length) {
      const next = parseRecord(buffer, start, spans, atEnd);
      if (next === BROKEN_QUOTE) throw brokenQuote(file, line);
      if (next === INCOMPLETE) break;
      if (spans.count > 1 || spans.start[0] !== spans.end[0]) {
        summary.records++;
        record.line = line;
        record.width = spans.count;
        onRecord(record);
      } else {
        summary.emptyLines.push(line);
      }
      const lines = spans.quoted ? countLines(buffer, start, next) : 1;
      if (lines > 1) summary.firstMultiline ??= line;
      line += lines;
      start = next;
    }
    buffer = buffer.subarray(start);
    if (buffer.length > LARGEST_RECORD) throw brokenQuote(file, line);
  };

  for await (const chunk of byteChunks(file)) {
    buffer = buffer.length ? Buffer.concat([buffer, chunk]) : chunk;
    if (first && buffer.subarray(0, 3).equals(BYTE_ORDER_MARK)) buffer = buffer.subarray(3);
    first = false;
    takeRecords(false);
  }
  takeRecords(true);
  return summary;
}

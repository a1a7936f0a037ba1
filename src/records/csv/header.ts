/** The header of a CSV file: column names in any case, with or without quotes, byte order mark and CRLF. */
import { dataError } from '../../core/errors.js';
import { byteChunks } from './bytes.js';
import { createSpans, fieldText, parseRecord } from './record.js';

const LONGEST_HEADER = 1 << 16;

/**
 * Reads the column names in file order, in lower case.
 * @throws data error when the file is empty, has no header line, or names a column twice
 */
export async function readHeader(file: string): Promise<string[]> {
  let buffer: Buffer = Buffer.alloc(0);
  for await (const chunk of byteChunks(file)) {
    buffer = Buffer.concat([buffer, chunk]);
    if (buffer.includes(0x0a) || buffer.length > LONGEST_HEADER) break;
  }
  if (buffer.length === 0) throw dataError(`${file}: the file is empty; expected a CSV file that begins with a header line`);
  const spans = createSpans();
  const end = parseRecord(buffer, 0, spans, !buffer.includes(0x0a));
  if (end < 0 || end > LONGEST_HEADER) throw dataError(`${file} line 1: no header line; expected comma-separated column names`);
  const names = Array.from({ length: spans.count }, (_, i) => (fieldText(buffer, spans, i) ?? '').replace(/^\uFEFF/, '').replace(/^"|"$/g, '').trim().toLowerCase());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw dataError(`${file} line 1: the header names the column '${twice}' twice`);
  return names;
}

/** @throws data error that names every missing column and what the header holds instead */
export function expectColumns(file: string, header: readonly string[], required: readonly string[]): void {
  const missing = required.filter((name) => !header.includes(name));
  if (!missing.length) return;
  const shown = header.map((name) => (/^\w{1,40}$/.test(name) ? name : '?')).join(', ');
  throw dataError(`${file} line 1: missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; the header has ${shown}`);
}

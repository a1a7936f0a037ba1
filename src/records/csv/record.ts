/** One CSV record (RFC 4180) as spans of a buffer, so that only the fields somebody asks for are decoded. */

const QUOTE = 0x22;
const COMMA = 0x2c;
export const LF = 0x0a;
const CR = 0x0d;

/** Where the fields of one record lie; reused from record to record. */
export interface FieldSpans {
  count: number;
  start: number[];
  end: number[];
  /** The field holds doubled quotes. */
  escaped: boolean[];
  /** Some field was quoted, so the record may hold line breaks. */
  quoted: boolean;
}

export const createSpans = (): FieldSpans => ({ count: 0, start: [], end: [], escaped: [], quoted: false });

/** The record goes on after the end of the buffer. */
export const INCOMPLETE = -1;
/** A quoted field is not closed, or text follows its closing quote. */
export const BROKEN_QUOTE = -2;

function push(spans: FieldSpans, start: number, end: number, escaped: boolean): void {
  spans.start[spans.count] = start;
  spans.end[spans.count] = end;
  spans.escaped[spans.count++] = escaped;
}

/** @returns the index of the separator after the field (the buffer's length at its end) */
function plainField(buffer: Buffer, start: number, spans: FieldSpans, atEnd: boolean): number {
  let at = start;
  const { length } = buffer;
  while (at < length && buffer[at] !== COMMA && buffer[at] !== LF) at++;
  if (at === length && !atEnd) return INCOMPLETE;
  const endsRecord = at === length || buffer[at] === LF;
  push(spans, start, endsRecord && at > start && buffer[at - 1] === CR ? at - 1 : at, false);
  return at;
}

function quotedField(buffer: Buffer, start: number, spans: FieldSpans, atEnd: boolean): number {
  spans.quoted = true;
  let escaped = false;
  let close = buffer.indexOf(QUOTE, start + 1);
  while (close >= 0 && buffer[close + 1] === QUOTE) {
    escaped = true;
    close = buffer.indexOf(QUOTE, close + 2);
  }
  if (close < 0) return atEnd ? BROKEN_QUOTE : INCOMPLETE;
  push(spans, start + 1, close, escaped);
  const next = buffer[close + 1] === CR ? close + 2 : close + 1;
  if (next >= buffer.length) return atEnd ? buffer.length : INCOMPLETE;
  return buffer[next] === COMMA || buffer[next] === LF ? next : BROKEN_QUOTE;
}

/**
 * Finds the fields of the record that begins at `start`.
 * @param atEnd the buffer's end is the end of the file
 * @returns where the next record begins, {@link INCOMPLETE} or {@link BROKEN_QUOTE}
 */
export function parseRecord(buffer: Buffer, start: number, spans: FieldSpans, atEnd: boolean): number {
  spans.count = 0;
  spans.quoted = false;
  let at = start;
  for (;;) {
    const next = (buffer[at] === QUOTE ? quotedField : plainField)(buffer, at, spans, atEnd);
    if (next < 0) return next;
    if (next >= buffer.length) return buffer.length;
    at = next + 1;
    if (buffer[next] === LF) return at;
  }
}

/** The text of one field; null when it is empty, as in the MIMIC files, or not there. */
export function fieldText(buffer: Buffer, spans: FieldSpans, field: number): string | null {
  if (field < 0 || field >= spans.count || spans.start[field] === spans.end[field]) return null;
  const text = buffer.toString('utf8', spans.start[field], spans.end[field]);
  return spans.escaped[field] ? text.replaceAll('""', '"') : text;
}

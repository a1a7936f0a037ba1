/** What the scan of `medweave check --phi` finds: where, and of which kind; never the text itself. */

export const phiKinds = ['date', 'phone', 'email', 'url', 'ip', 'record-number', 'name', 'address', 'age', 'note-text', 'rare-word'] as const;
export type PhiKind = (typeof phiKinds)[number];

export interface PhiFinding {
  file: string;
  /** Line of a text file, row of a Parquet file, both from 1; 0: the file's name, or what is said of it as a whole. */
  line: number;
  kind: PhiKind;
  /** Its form: every letter `x` or `X`, every digit `9`. */
  masked: string;
}

/** A part of a file that is looked at by itself. */
export interface Piece {
  line: number;
  text: string;
  /** Column of a table or key of JSON whose value it is. */
  field?: string;
}

/** Half-open, in UTF-16 units of a piece's text. */
export interface Span {
  start: number;
  end: number;
}

const LONGEST_SHOWN = 40;

/** The form of a text without its content. */
export function mask(text: string): string {
  const masked = text.replace(/\p{Lu}/gu, 'X').replace(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? 'X' : 'x')).replace(/\p{N}/gu, '9').replace(/\s+/g, ' ');
  return masked.length > LONGEST_SHOWN ? `${masked.slice(0, LONGEST_SHOWN)}…` : masked;
}

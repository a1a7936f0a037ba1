/** Lines of plain text, Markdown, YAML, logs: each is a piece, with the key before it where it has one. */
import type { Piece } from '../finding.js';

/** `key: value`, as YAML has it. */
const keyed = /^\s*(?:-\s+)?["']?([A-Za-z_]\w*)["']?:\s/;

export function* textPieces(content: string): Generator<Piece> {
  let line = 0;
  for (const text of content.split('\n')) yield { line: ++line, text, field: keyed.exec(text)?.[1] };
}

/** Runs of characters that can be read, as the Unix tool `strings` finds them. */
const readable = /[\p{L}\p{M}\p{N}\p{P}\p{Zs}\p{Sm}\t]{8,}/gu;

/** What can be read in a binary file: descriptions in images, text in formats that we do not know. */
export function* readablePieces(content: string): Generator<Piece> {
  for (const [text] of content.matchAll(readable)) yield { line: 0, text };
}

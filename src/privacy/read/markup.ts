/** HTML, XML and SVG: the text between tags, line by line, and what attributes say to people. */
import type { Piece } from '../finding.js';

const TELLING = /\b(?:title|alt|aria-label|content|value|placeholder|datetime|href|src|data-[\w-]+)\s*=\s*("[^"]*"|'[^']*')/gi;
/** Styles hold no text; the foot of our own pages says when the page was made. */
const SILENT = /<style\b[\s\S]*?<\/style>|<footer>\s*<p>medweave \d[\s\S]*?<\/footer>/gi;
const tag = /<!--|-->|<[/!?a-z][^<>]*>/gi;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal?: string, hex?: string, name?: string) =>
    name !== undefined ? (entities[name.toLowerCase()] ?? all) : String.fromCodePoint(Math.min(0x10ffff, decimal !== undefined ? Number(decimal) : Number.parseInt(hex!, 16))));

/** Keeps the line breaks, so that lines stay where they were. */
const blanked = (found: string): string => found.replace(/[^\n]+/g, ' ');

export function* markupPieces(content: string): Generator<Piece> {
  const spoken = content.replace(SILENT, blanked);
  let line = 0;
  for (const text of spoken.replace(tag, blanked).split('\n')) yield { line: ++line, text: decoded(text) };
  let before = 0;
  line = 1;
  for (const found of spoken.matchAll(TELLING)) {
    line += spoken.slice(before, found.index).split('\n').length - 1;
    before = found.index;
    yield { line, text: decoded(found[1]!.slice(1, -1)) };
  }
}

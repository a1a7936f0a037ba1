/** A rule of the scan: what it looks for, and how it finds it in a text. */
import type { PhiKind, Span } from '../finding.js';

export interface Rule {
  kind: PhiKind;
  /** @param field column or key that the text is the value of */
  find: (text: string, field?: string) => Span[];
}

/** Every match of a global pattern whose text, or first group, passes; the span is that of the whole match. */
export function matches(pattern: RegExp, text: string, accept: (match: RegExpMatchArray) => boolean = () => true): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(pattern)) if (accept(match)) spans.push({ start: match.index, end: match.index + match[0].length });
  return spans;
}

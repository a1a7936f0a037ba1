/** All rules of the scan, and how their findings in one text are brought together. */
import { mask, type PhiKind, type Piece, type Span } from '../finding.js';
import { ages } from './ages.js';
import { emails, networkAddresses, urls } from './contact.js';
import { dates } from './dates.js';
import { names } from './names.js';
import { phones } from './phones.js';
import { addresses } from './places.js';
import { recordNumbers } from './record-numbers.js';
import type { Rule } from './rule.js';

/** What overlaps an earlier rule's finding is not found a second time: a number that is called a record number is no phone number. */
const rules: readonly Rule[] = [recordNumbers, emails, urls, networkAddresses, dates, ages, addresses, phones, names];

export interface RuleFinding {
  kind: PhiKind;
  masked: string;
}

const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** @param kinds those that are looked for */
export function applyRules({ text, field }: Pick<Piece, 'text' | 'field'>, kinds: ReadonlySet<PhiKind>): RuleFinding[] {
  const taken: Span[] = [];
  const findings: (RuleFinding & Span)[] = [];
  for (const { kind, find } of rules) {
    for (const span of find(text, field)) {
      if (taken.some((other) => overlaps(span, other))) continue;
      taken.push(span);
      if (kinds.has(kind)) findings.push({ kind, masked: mask(text.slice(span.start, span.end)), ...span });
    }
  }
  return findings.sort((a, b) => a.start - b.start).map(({ kind, masked }) => ({ kind, masked }));
}

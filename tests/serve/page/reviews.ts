/** Reviews in small, for the tests of what the page makes of them. */
import type { CodedCode, Span } from '../../../src/serve/page/browser/contract.js';
import { emptyDraft, reviewOf, type Draft, type Review } from '../../../src/serve/page/browser/state.js';

export const span = (start: number, end: number, weight: number): Span => ({ start, end, weight, source: 'label attention' });

export const coded = (code: string, score: number, predicted: boolean, spans: readonly Span[] = []): CodedCode =>
  ({ kind: 'dx', system: 'icd10cm', code, title: `Title of ${code}`, score, predicted, hierarchy: [{ code: 'A00-Z99', title: 'All' }, { code }], spans });

/** Two predicted, one not. */
export const CODES: readonly CodedCode[] = [coded('E11.9', 0.9, true, [span(0, 3, 0.7), span(5, 7, 0.3)]), coded('I10', 0.6, true, [span(5, 7, 1)]), coded('J18.9', 0.2, false)];

export const draft = (changes: Partial<Draft> = {}): Draft => ({ ...emptyDraft, text: 'a note', ...changes });

export const reviewed = (codes: readonly CodedCode[] = CODES, changes: Partial<Review> = {}): Review => ({
  ...reviewOf(draft(), { codes, unknown_codes: [], truncated: false }, { codedAt: '2026-11-21T00:00:00.000Z' }),
  ...changes,
});

/** All that the page knows: what is being written, what the model answered, what the person decided. */
import type { Failure } from './client.js';
import { keyOf } from './codes.js';
import type { Coded, CodedCode, GivenCode } from './contract.js';

export type Decision = 'accepted' | 'rejected';

/** What the form holds. */
export interface Draft {
  id: string;
  text: string;
  codes: readonly GivenCode[];
}

export interface ReviewedCode extends Omit<CodedCode, 'score'> {
  /** Absent of codes that a person added, or kept from before the note was changed. */
  score?: number;
  from: 'model' | 'person';
}

/** A record with its codes, and what was decided of them. */
export interface Review {
  record: Draft;
  codes: readonly ReviewedCode[];
  unknown: readonly string[];
  truncated: boolean;
  decisions: Readonly<Record<string, Decision>>;
  /** ISO 8601. */
  codedAt: string;
}

/** What undo goes back to; the draft only where the step replaced it. */
export interface Snapshot {
  review?: Review;
  draft?: Draft;
}

/** What the pointer, or the focus in the note, lies on. */
export type Pointed = { code: string } | { place: number };

export type Request = { is: 'idle' } | { is: 'coding' } | { is: 'waiting'; seconds: number } | { is: 'failed'; failure: Failure };

export interface State {
  draft: Draft;
  /** Whether the note is being written rather than read. */
  writing: boolean;
  review?: Review;
  past: readonly Snapshot[];
  /** Least probability of what is shown as predicted; undefined: as the model decides. */
  threshold?: number;
  /** The code whose evidence stays highlighted. */
  selected?: string;
  pointed?: Pointed;
  request: Request;
  /** Whether there are codes to decide on, rather than one probability. */
  decides: boolean;
}

export const emptyDraft: Draft = { id: '', text: '', codes: [] };

export const initialState: State = { draft: emptyDraft, writing: true, past: [], request: { is: 'idle' }, decides: true };

/** @param before the review of the same record before it was changed: what was decided then still holds */
export function reviewOf(record: Draft, answer: Coded, { codedAt, before }: { codedAt: string; before?: Review }): Review {
  const codes: ReviewedCode[] = answer.codes.map((code) => ({ ...code, from: 'model' }));
  const listed = new Set(codes.map(keyOf));
  const kept = (before?.codes ?? []).filter((code) => !listed.has(keyOf(code)) && before?.decisions[keyOf(code)] === 'accepted');
  codes.push(...kept.map((code): ReviewedCode => ({ ...code, score: undefined, predicted: false, spans: [], from: 'person' })));
  const decisions = Object.fromEntries(Object.entries(before?.decisions ?? {}).filter(([key]) => codes.some((code) => keyOf(code) === key)));
  return { record, codes, unknown: answer.unknown_codes, truncated: answer.truncated, decisions, codedAt };
}

/** Whether the form no longer holds what was coded. */
export const isStale = ({ draft, review }: State): boolean =>
  review !== undefined && (draft.text !== review.record.text || draft.codes.map(keyOf).join() !== review.record.codes.map(keyOf).join());

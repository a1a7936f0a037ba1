/** What the list of codes shows: who is above the threshold, in what order, and how far the review is. */
import { keyOf } from './codes.js';
import type { Decision, Review, ReviewedCode, State } from './state.js';

export interface ListedCode extends ReviewedCode {
  key: string;
  decision?: Decision;
  /** Above the threshold, or a person's: it waits for a decision. */
  counts: boolean;
}

export interface Progress {
  accepted: number;
  rejected: number;
  open: number;
}

/** A model's probability is compared as the server does: strictly above. */
const isPredicted = ({ score, predicted, from }: ReviewedCode, threshold?: number): boolean =>
  from === 'person' || (threshold === undefined || score === undefined ? predicted : score > threshold);

/** Codes that count first, each group in the order that the server gave. */
export function listed({ review, threshold }: Pick<State, 'review' | 'threshold'>): ListedCode[] {
  const codes = (review?.codes ?? []).map((code) => listedCode(code, review!, threshold));
  return [...codes.filter(({ counts }) => counts), ...codes.filter(({ counts }) => !counts)];
}

function listedCode(code: ReviewedCode, { decisions }: Review, threshold?: number): ListedCode {
  const key = keyOf(code);
  return { ...code, key, decision: decisions[key], counts: isPredicted(code, threshold) };
}

/** Codes below the threshold count once they are decided. */
export function progressOf(codes: readonly ListedCode[]): Progress {
  const of = (decision: Decision): number => codes.filter((code) => code.decision === decision).length;
  return { accepted: of('accepted'), rejected: of('rejected'), open: codes.filter(({ counts, decision }) => counts && !decision).length };
}

export const spellProgress = ({ accepted, rejected, open }: Progress): string => `${accepted} accepted, ${rejected} rejected, ${open} open`;

/** The next code after `key` that waits for a decision, else the one that follows it, else itself. */
export function nextOpen(codes: readonly ListedCode[], key: string): string {
  const at = codes.findIndex((code) => code.key === key);
  const after = codes.slice(at + 1);
  return (after.find(({ counts, decision }) => counts && !decision) ?? after[0])?.key ?? key;
}

/** Where the slider stands while the model's own rule holds: at the least probable of what it predicts. */
export const restingThreshold = (codes: readonly ReviewedCode[]): number =>
  codes.reduce((least, { predicted, score }) => (predicted && score !== undefined ? Math.min(least, score) : least), 1);

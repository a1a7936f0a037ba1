/** CodiEsp-X: codes with their evidence in the text. */
import { harmonicMean } from '../decisions.js';
import { ratio } from '../mean.js';
import type { CodeAssignment } from './ranked-codes.js';

/** Characters that a predicted span may exceed the gold one by, on each side. */
const TOLERANCE = 10;

export interface EvidenceSpan extends CodeAssignment {
  /** Characters; of a discontinuous span the first start and the last end. */
  start: number;
  end: number;
}

export interface EvidenceInput {
  gold: readonly EvidenceSpan[];
  predictions: readonly EvidenceSpan[];
  /** Whether a lower-case code exists; predictions of others are dropped. */
  isValidCode: (code: string) => boolean;
}

const withinTolerance = (excess: number): boolean => excess >= 0 && excess <= TOLERANCE;

const covers = (predicted: EvidenceSpan, gold: EvidenceSpan): boolean =>
  withinTolerance(gold.start - predicted.start) && withinTolerance(predicted.end - gold.end);

/** Spans by (document, code). */
function byAssignment(spans: readonly EvidenceSpan[]): Map<string, EvidenceSpan[]> {
  const groups = new Map<string, EvidenceSpan[]>();
  for (const span of spans) {
    const key = `${span.document}\t${span.code}`;
    const group = groups.get(key);
    if (group) group.push(span);
    else groups.set(key, [span]);
  }
  return groups;
}

function scoreSpans({ gold: goldSpans, predictions, isValidCode }: EvidenceInput) {
  const gold = byAssignment(goldSpans);
  const run = byAssignment(predictions.filter(({ code }) => isValidCode(code)));
  const hits = [...run].filter(([key, spans]) => gold.get(key)?.some((reference) => spans.some((span) => covers(span, reference)))).length;
  const precision = ratio(hits, run.size);
  const recall = ratio(hits, gold.size);
  return { precision, recall, f1: harmonicMean(precision, recall) };
}

/**
 * Over unique (document, code): right when some predicted span contains some gold span of the code with at most 10 characters more on each side.
 * As the official script, codes are compared as written, and since the valid codes are lower-case, predictions in upper case are dropped.
 */
export const codiespEvidenceOfficial = (input: EvidenceInput) => scoreSpans(input);

/** The same with codes in lower case on both sides, as in D and P. */
export function codiespEvidenceStrict({ gold, predictions, isValidCode }: EvidenceInput) {
  const lowerCase = (spans: readonly EvidenceSpan[]): EvidenceSpan[] => spans.map((span) => ({ ...span, code: span.code.toLowerCase() }));
  return scoreSpans({ gold: lowerCase(gold), predictions: lowerCase(predictions), isValidCode });
}

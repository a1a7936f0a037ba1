/** Scored notes as explained ones: codes by falling probability, with the places of the text that speak for them. */
import type { EvidenceSpan, ExplainedCode, ExplainedNote } from '../evidence/explained-note.js';
import type { Place } from './candidates.js';
import type { ScoredNote } from './fit.js';
import type { Note, ReadNote } from './note.js';

export interface KindOfCodes {
  kind: string;
  system: string;
  threshold: number;
  /** Code → title. */
  titles: ReadonlyMap<string, string>;
  /** Places a code, at most. */
  places: number;
}

/** @param byKind the same notes, scored for each kind */
export function explained(notes: readonly Note[], byKind: readonly { scored: readonly ScoredNote[]; of: KindOfCodes }[]): ExplainedNote[] {
  return notes.map(({ id, text }, n) => ({
    id,
    text,
    codes: byKind.flatMap(({ scored, of }) => codesOf(scored[n]!, of)).sort((a, b) => b.probability - a.probability),
  }));
}

function codesOf({ note, candidates, probabilities }: ScoredNote, { kind, system, threshold, titles, places }: KindOfCodes): ExplainedCode[] {
  return candidates.map((candidate, c) => ({
    kind,
    system,
    code: candidate.code,
    title: titles.get(candidate.code),
    probability: probabilities[c]!,
    predicted: probabilities[c]! > threshold,
    spans: spansOf(note, candidate.places.slice(0, places)),
  }));
}

function spansOf({ words }: ReadNote, places: readonly Place[]): EvidenceSpan[] {
  const total = places.reduce((sum, { weight }) => sum + weight, 0);
  return places.map(({ start, end, weight, source }) => ({ start: words[start]!.start, end: words[end - 1]!.end, weight: weight / total, source }));
}

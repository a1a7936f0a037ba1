/** What linking works on: mentions of clinical entities, and the codes that might be meant. */
import type { CodeKind } from '../dataset/index.js';

export interface Mention {
  noteId: string;
  /** Half-open ranges of Unicode code points of the raw note; several where the mention is discontinuous, none where it has no place. */
  fragments: readonly (readonly [start: number, end: number])[];
  /** The fragments joined by spaces. Patient text: never in a message or a log. */
  text: string;
  /** The sentence around it, where the note is at hand; patient text, too. */
  sentence?: string;
  kind: CodeKind;
  /** The right code, canonical, where it is known. */
  code?: string;
}

/** What they are: docs/linking.md; how they are ranked: `link`. */
export const linkingSteps = ['dictionary', 'pli', 'fuzzy', 'titles', 'plii'] as const;
export type LinkingStep = (typeof linkingSteps)[number];

export interface Candidate {
  code: string;
  /** At most 1; comparable within a step only. */
  score: number;
  step: LinkingStep;
  /** The training mention (patient text) or the title that was matched. */
  surface: string;
}

/** Proposes codes for mentions of one kind. */
export interface CandidateSource {
  step: LinkingStep;
  /** @returns for each mention at most `k` different codes, best first */
  find(mentions: readonly Mention[], k: number): Promise<Candidate[][]>;
}

/** Descending by score; equal scores in the order they were found. */
export const byScore = (a: { score: number }, b: { score: number }): number => b.score - a.score;

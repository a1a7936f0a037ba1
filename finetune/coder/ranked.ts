/**
 * Which notes get a ranked list for a kind of codes: those that probably have a code of it at all. A list for a note without such codes answers a question that does not arise, and CodiEsp's
 * official mean of average precisions counts it as 0.
 */
import type { ExplainedCode, ExplainedNote } from '../evidence/explained-note.js';

const LEAST_PROBABLE = 0.5;

/** @returns the candidates of the kind by rank; none where it is more likely than not that no code of the kind is right (taken as independent) */
export function rankedCodes({ codes }: ExplainedNote, kind: string): ExplainedCode[] {
  const candidates = codes.filter((one) => one.kind === kind);
  const none = candidates.reduce((product, { probability }) => product * (1 - probability), 1);
  return 1 - none >= LEAST_PROBABLE ? candidates : [];
}

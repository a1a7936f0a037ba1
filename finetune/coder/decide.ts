/** The probability above which codes are assigned. */
import type { ScoredNote } from './fit.js';

/** Maximises micro-F1 over the notes, codes that were no candidates counting as missed. @returns a threshold halfway between the two probabilities that it separates */
export function bestThreshold(scored: readonly ScoredNote[], kind: string): number {
  const decisions = scored.flatMap(({ note, candidates, probabilities }) => {
    const carried = new Set(note.annotations[kind]?.codes);
    return candidates.map(({ code }, c) => ({ probability: probabilities[c]!, right: carried.has(code) }));
  });
  decisions.sort((a, b) => b.probability - a.probability);
  const gold = scored.reduce((sum, { note }) => sum + (note.annotations[kind]?.codes.length ?? 0), 0);
  let [hits, best, threshold] = [0, 0, 0.5];
  decisions.forEach(({ probability, right }, i) => {
    hits += Number(right);
    const next = decisions[i + 1]?.probability ?? 0;
    const f1 = (2 * hits) / (i + 1 + gold);
    if (next < probability && f1 > best) [best, threshold] = [f1, (probability + next) / 2];
  });
  return threshold;
}

/** Training mentions that are written nearly alike: other endings, other order, a word more or less. */
import type { Dictionary } from './dictionary.js';
import { byScore, type Candidate, type CandidateSource } from './mention.js';
import { createNgramIndex } from './ngram-index.js';

/** Surfaces that vote. */
const NEIGHBOURS = 20;
/** A vote counts similarity to this power, so that many far neighbours do not outvote a near one; cross-validated on CodiEsp's training notes. */
const SHARPNESS = 8;

/** The votes of the nearest surfaces for their codes. A candidate's surface is the nearest that has the code. */
export function fuzzySource({ surfaces }: Dictionary): CandidateSource {
  const known = [...surfaces.values()];
  const index = createNgramIndex([...surfaces.keys()]);
  const find = (text: string, k: number): Candidate[] => {
    const votes = new Map<string, Candidate>();
    const neighbours = index.search([{ text, weight: 1 }], NEIGHBOURS);
    const total = neighbours.reduce((sum, { score }) => sum + score ** SHARPNESS, 0);
    for (const { row, score } of neighbours) {
      for (const { code, share } of known[row]!.codes) {
        const vote = votes.get(code) ?? { code, score: 0, step: 'fuzzy', surface: known[row]!.text };
        // A lone neighbour that is far is no certainty: the best similarity bounds every score.
        votes.set(code, { ...vote, score: vote.score + ((score ** SHARPNESS * share) / total) * neighbours[0]!.score });
      }
    }
    return [...votes.values()].sort(byScore).slice(0, k);
  };
  return { step: 'fuzzy', find: async (mentions, k) => mentions.map(({ text }) => find(text, k)) };
}

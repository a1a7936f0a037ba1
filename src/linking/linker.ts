/** Candidates of several steps in one ranking. */
import { byScore, type Candidate, type CandidateSource, type LinkingStep, type Mention } from './mention.js';

/** Exact steps decide, the earlier before the later; what they leave open the others vote on. */
const TIERS: readonly (readonly LinkingStep[])[] = [['dictionary'], ['pli'], ['fuzzy', 'titles', 'plii']];

/** Weight of a vote. Titles against fuzzy: cross-validated on CodiEsp's training notes. */
const WEIGHTS: Record<LinkingStep, number> = { dictionary: 1, pli: 1, fuzzy: 1, titles: 0.7, plii: 0.7 };

/** Candidates that a step may vote for. */
const CONSIDERED = 50;

/** @returns for each mention at most `k` different codes, best first; scores compare within a tier */
export async function link(mentions: readonly Mention[], sources: readonly CandidateSource[], k: number): Promise<Candidate[][]> {
  const found = await inOrder(sources, async (source) => ({ step: source.step, candidates: await source.find(mentions, Math.max(k, CONSIDERED)) }));
  return mentions.map((_, i) => {
    const tiers = TIERS.map((steps) => vote(found.filter(({ step }) => steps.includes(step)).flatMap(({ candidates }) => candidates[i]!)));
    return firstOfEach(tiers.flat()).slice(0, k);
  });
}

/** One after the other: each may use the whole device. */
async function inOrder<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** Adds up each code's weighted scores; step and surface are those of its largest vote. */
function vote(candidates: readonly Candidate[]): Candidate[] {
  const totals = new Map<string, { total: number; largest: Candidate }>();
  for (const candidate of candidates) {
    const weighted = { ...candidate, score: candidate.score * WEIGHTS[candidate.step] };
    const known = totals.get(candidate.code);
    totals.set(candidate.code, { total: (known?.total ?? 0) + weighted.score, largest: !known || weighted.score > known.largest.score ? weighted : known.largest });
  }
  return [...totals.values()].map(({ total, largest }) => ({ ...largest, score: total })).sort(byScore);
}

function firstOfEach(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ code }) => !seen.has(code) && seen.add(code));
}

/** PLI of the Medical-mT5 pipeline: a description, generated or given, that is some code's title letter for letter, but for case, accents and spacing, decides. */
import type { Candidate, CandidateSource, Mention } from './mention.js';
import { surfaceOf } from './surface.js';

/** What a mention means, best description first: what a generator writes, else the mention itself. */
export type Describe = (mentions: readonly Mention[]) => Promise<string[][]>;

export const describeAsWritten: Describe = async (mentions) => mentions.map(({ text }) => [text]);

export interface TitleList {
  /** Code → title. */
  titles: ReadonlyMap<string, string>;
  /** Training mentions of codes: of codes with the same title the most frequent comes first, then the longest, which has none below it. */
  frequency: ReadonlyMap<string, number>;
}

/** A description may also be a code itself: some generators write codes. Alternatives come in their order, each scored by its rank. */
export function pliSource({ titles, frequency }: TitleList, describe: Describe): CandidateSource {
  const codesOf = codesBySurface({ titles, frequency });
  const find = (descriptions: readonly string[], k: number): Candidate[] => {
    const found = new Map<string, Candidate>();
    for (const [rank, description] of descriptions.entries()) {
      for (const code of codesOf.get(surfaceOf(description)) ?? []) {
        if (!found.has(code)) found.set(code, { code, score: 1 / (1 + rank), step: 'pli', surface: titles.get(code)! });
      }
    }
    return [...found.values()].slice(0, k);
  };
  return { step: 'pli', find: async (mentions, k) => (await describe(mentions)).map((descriptions) => find(descriptions, k)) };
}

function codesBySurface({ titles, frequency }: TitleList): Map<string, string[]> {
  const codes = new Map<string, string[]>();
  const add = (surface: string, code: string): void => {
    const known = codes.get(surface);
    if (!known) codes.set(surface, [code]);
    else if (!known.includes(code)) known.push(code);
  };
  for (const [code, title] of titles) {
    add(surfaceOf(title), code);
    add(surfaceOf(code), code);
  }
  const count = (code: string): number => frequency.get(code) ?? 0;
  for (const list of codes.values()) list.sort((a, b) => count(b) - count(a) || b.length - a.length || (a < b ? -1 : 1));
  return codes;
}

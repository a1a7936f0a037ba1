/** The dictionary of training mentions: surface form → the codes it was given, the most frequent first. */
import { byScore, type Candidate, type CandidateSource } from './mention.js';
import { surfaceOf } from './surface.js';

export interface SurfaceCodes {
  /** As first written. */
  text: string;
  /** Share of the surface's mentions that have each code, descending; between equal shares the code that is more frequent overall. */
  codes: { code: string; share: number }[];
}

export interface Dictionary {
  /** Surface form → its codes, in order of first appearance. */
  surfaces: ReadonlyMap<string, SurfaceCodes>;
  /** Training mentions of each code. */
  frequency: ReadonlyMap<string, number>;
  /** Words of the longest surface form. */
  longest: number;
}

export interface CodedText {
  text: string;
  code: string;
}

/** Texts without a word are left out. */
export function createDictionary(entries: Iterable<CodedText>): Dictionary {
  const counts = new Map<string, { text: string; codes: Map<string, number> }>();
  const frequency = new Map<string, number>();
  for (const { text, code } of entries) {
    const surface = surfaceOf(text);
    if (!surface) continue;
    let entry = counts.get(surface);
    if (!entry) counts.set(surface, (entry = { text, codes: new Map() }));
    increment(entry.codes, code);
    increment(frequency, code);
  }
  const surfaces = new Map([...counts].map(([surface, { text, codes }]) => [surface, { text, codes: shares(codes, frequency) }]));
  const longest = Math.max(0, ...[...surfaces.keys()].map((surface) => surface.split(' ').length));
  return { surfaces, frequency, longest };
}

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function shares(codes: ReadonlyMap<string, number>, frequency: ReadonlyMap<string, number>): SurfaceCodes['codes'] {
  const total = [...codes.values()].reduce((sum, count) => sum + count, 0);
  return [...codes]
    .map(([code, count]) => ({ code, share: count / total }))
    .sort((a, b) => b.share - a.share || frequency.get(b.code)! - frequency.get(a.code)! || (a.code < b.code ? -1 : 1));
}

/** Exact match of folded words. */
export function dictionarySource({ surfaces }: Dictionary): CandidateSource {
  const find = (text: string, k: number): Candidate[] => {
    const known = surfaces.get(surfaceOf(text));
    return (known?.codes ?? []).slice(0, k).map(({ code, share }) => ({ code, score: share, step: 'dictionary', surface: known!.text }));
  };
  return { step: 'dictionary', find: async (mentions, k) => mentions.map(({ text }) => find(text, k).sort(byScore)) };
}

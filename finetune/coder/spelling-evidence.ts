/** What the spelling of a note's words says for codes: windows that are written nearly as a training mention or a title. */
import { groupBy } from '../../src/core/group-by.js';
import type { Associations } from './associations.js';
import { contextNames, contextOf, type Context } from './context.js';
import { surfaceOf, type ReadNote } from './note.js';
import { foreignTitlesLike, type Spelling } from './spelling.js';
import { without } from './tally.js';
import type { Window } from './windows.js';

/** One window of the note that is spelt like something the code is called. */
export interface WindowEvidence {
  window: Window;
  /** How much the window speaks for the code, by a rule of thumb that chooses between windows. */
  worth: number;
  /** Cosine with the nearest training mention of the code, and the same weighed by `share`; 0: none is near. */
  likeMention: number;
  weighed: number;
  /** Training notes with that mention, and the share of the code among them. */
  annotated: number;
  share: number;
  /** Cosine with the nearest title. */
  likeTitle: number;
  /** The same after translation. */
  likeForeign: number;
  /** Place among the codes that the window is like, from 0, and the distance from the first. */
  rank: number;
  behind: number;
  /** Share of the window that the dictionary gives to other codes. */
  taken: number;
  /** The most often marked of the two words beside the window. */
  beside: number;
  context: Context;
}

const NEIGHBOURS = 15;
const LEAST_COSINE = 0.5;
const CODES_A_WINDOW = 8;
/** Translations are looked up for windows that are mentions this often, and that no training mention is spelt like. */
const WORTH_TRANSLATING = 0.15;
const KNOWN = 0.95;
const FOREIGN_NEIGHBOURS = 8;
/** A word is another code's when the dictionary's best chance there is above this. */
const TAKEN = 0.4;

export interface SpellingInput {
  note: ReadNote;
  windows: readonly Window[];
  rates: ArrayLike<number>;
  /** Word → the code that the dictionary reads there, and its chance. */
  taken: ReadonlyMap<number, { code: string; chance: number }>;
  associations: Pick<Associations, 'surfaces'>;
  spelling: Spelling;
  /** Left out of all counts. */
  group: string | undefined;
}

export function spellingEvidence(input: SpellingInput): Map<string, WindowEvidence[]> {
  const evidence = groupBy(input.windows.flatMap((window) => evidenceOfWindow(window, input)), ({ code }) => code);
  for (const list of evidence.values()) list.sort((a, b) => b.worth - a.worth);
  return evidence;
}

interface Likeness {
  likeMention: number;
  weighed: number;
  annotated: number;
  share: number;
  likeTitle: number;
  likeForeign: number;
}

function evidenceOfWindow(window: Window, { note, rates, taken, group, ...known }: SpellingInput): (WindowEvidence & { code: string })[] {
  const text = surfaceOf(note.words.slice(window.start, window.end));
  const likenesses = likenessesOf(text, known, group);
  if (known.spelling.foreign && window.mean > WORTH_TRANSLATING) addForeign(likenesses, text, known.spelling.foreign);
  const scoreOf = ({ weighed, likeTitle, likeForeign }: Likeness): number => Math.max(weighed, likeTitle, likeForeign);
  const ranked = [...likenesses].sort(([a, x], [b, y]) => scoreOf(y) - scoreOf(x) || (a < b ? -1 : 1)).slice(0, CODES_A_WINDOW);
  if (!ranked.length) return [];
  const top = scoreOf(ranked[0]![1]);
  const words = Array.from({ length: window.end - window.start }, (_, i) => window.start + i);
  const context = contextOf(note.words, rates, window);
  const beside = Math.max(rates[window.start - 1] ?? 0, rates[window.end] ?? 0);
  return ranked.map(([code, likeness], rank) => {
    const others = words.filter((at) => { const one = taken.get(at); return one && one.code !== code && one.chance > TAKEN; }).length / words.length;
    const score = scoreOf(likeness);
    return { code, window, ...likeness, worth: score * (1 - 0.3 * others) * (0.5 + 0.5 * window.mean), rank, behind: score - top, taken: others, beside, context };
  });
}

function likenessesOf(text: string, { associations, spelling }: Pick<SpellingInput, 'associations' | 'spelling'>, group: string | undefined): Map<string, Likeness> {
  const likenesses = new Map<string, Likeness>();
  for (const { row, score } of spelling.index.search([{ text, weight: 1 }], NEIGHBOURS)) {
    if (score < LEAST_COSINE) break;
    const title = spelling.titles[row - spelling.surfaces.length];
    if (title) {
      const one = likenessAt(likenesses, title.code);
      one.likeTitle = Math.max(one.likeTitle, score);
      continue;
    }
    const counts = [...associations.surfaces.get(spelling.surfaces[row]!)!].map(([code, tally]) => ({ code, annotated: without(tally, group) })).filter(({ annotated }) => annotated > 0);
    const total = counts.reduce((sum, { annotated }) => sum + annotated, 0);
    for (const { code, annotated } of counts) {
      const share = annotated / total;
      const weighed = score * (0.5 + 0.5 * share);
      const one = likenessAt(likenesses, code);
      if (weighed > one.weighed) Object.assign(one, { weighed, likeMention: score, annotated, share });
    }
  }
  return likenesses;
}

function addForeign(likenesses: Map<string, Likeness>, text: string, foreign: NonNullable<Spelling['foreign']>): void {
  if ([...likenesses.values()].some(({ likeMention }) => likeMention > KNOWN)) return;
  for (const { what, cosine } of foreignTitlesLike(foreign, text, FOREIGN_NEIGHBOURS)) {
    if (cosine < LEAST_COSINE) break;
    const one = likenessAt(likenesses, what.code);
    one.likeForeign = Math.max(one.likeForeign, cosine);
  }
}

function likenessAt(likenesses: Map<string, Likeness>, code: string): Likeness {
  const one = likenesses.get(code) ?? { likeMention: 0, weighed: 0, annotated: 0, share: 0, likeTitle: 0, likeForeign: 0 };
  likenesses.set(code, one);
  return one;
}

export const spellingFeatureNames = [
  'spelling', 'worth', 'weighed', 'like mention', 'mentions', 'share of mention', 'like title', 'mean rate', 'highest rate', 'taken', 'rank', 'behind', 'length', 'beside',
  'like foreign title', 'best like foreign title', 'like foreign title²', 'like foreign title × rate',
  'best like mention', 'best like title', 'windows', 'least taken', 'like mention²', 'like title²', 'as a mention', 'as a title', 'like mention × rate', 'like title × rate', 'first',
  ...contextNames.map((name) => `window ${name}` as const),
] as const;
type Feature = (typeof spellingFeatureNames)[number];

const SAME = 0.98;

/** @param evidence of one code, best first; not empty */
export function spellingFeatures(evidence: readonly WindowEvidence[]): Record<Feature, number> {
  const best = evidence[0]!;
  const { window, likeMention, likeTitle, context } = best;
  const most = (value: (one: WindowEvidence) => number): number => Math.max(...evidence.map(value));
  const around = Object.fromEntries(contextNames.map((name) => [`window ${name}`, context[name]])) as Record<`window ${(typeof contextNames)[number]}`, number>;
  return {
    spelling: 1,
    worth: best.worth,
    weighed: best.weighed,
    'like mention': likeMention,
    mentions: Math.log1p(best.annotated),
    'share of mention': best.share,
    'like title': likeTitle,
    'mean rate': window.mean,
    'highest rate': window.most,
    taken: best.taken,
    rank: best.rank,
    behind: best.behind,
    length: window.end - window.start,
    beside: best.beside,
    'like foreign title': best.likeForeign,
    'best like foreign title': most((one) => one.likeForeign),
    'like foreign title²': best.likeForeign ** 2,
    'like foreign title × rate': best.likeForeign * window.mean,
    'best like mention': most((one) => one.likeMention),
    'best like title': most((one) => one.likeTitle),
    windows: Math.log1p(evidence.length),
    'least taken': Math.min(...evidence.map((one) => one.taken)),
    'like mention²': likeMention ** 2,
    'like title²': likeTitle ** 2,
    'as a mention': Number(most((one) => one.likeMention) > SAME),
    'as a title': Number(most((one) => one.likeTitle) > SAME),
    'like mention × rate': likeMention * window.mean,
    'like title × rate': likeTitle * window.mean,
    first: Number(best.rank === 0),
    ...around,
  };
}

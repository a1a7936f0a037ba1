/** Codes by the likeness of a mention and their titles, word for word and translated where titles are in another language; needs no training mention of a code. */
import { createNgramIndex, type WeightedText } from './ngram-index.js';
import type { Translations } from './translation.js';
import { foldedWords } from './words.js';

export interface TitleMatcherOptions {
  /** Code → title. */
  titles: ReadonlyMap<string, string>;
  /** Of the mentions' words into the titles' language. */
  translations?: Translations;
  /** Training mentions of codes; frequent codes come first among like titles. */
  frequency?: ReadonlyMap<string, number>;
}

export interface ScoredCode {
  code: string;
  /** The titles' cosine (0–1) times the code's prior: above 1 only for frequent codes. */
  score: number;
}

/** @returns at most `k` codes, best first; none where no title shares an n-gram with the mention */
export type TitleMatcher = (mention: string, k: number) => ScoredCode[];

/** Titles whose order the priors may change. */
const CONSIDERED = 100;
/** Chosen by cross-validation on CodiEsp's training notes. */
const FREQUENCY_WEIGHT = 0.1;
/** Codes with codes below them are seldom assigned. */
const CATEGORY_PENALTY = 0.1;

export function createTitleMatcher({ titles, translations, frequency }: TitleMatcherOptions): TitleMatcher {
  const codes = [...titles.keys()];
  const index = createNgramIndex([...titles.values()]);
  const categories = categoriesAmong(codes);
  const prior = (code: string): number => 1 + FREQUENCY_WEIGHT * Math.log1p(frequency?.get(code) ?? 0) - (categories.has(code) ? CATEGORY_PENALTY : 0);
  return (mention, k) =>
    index
      .search(translated(mention, translations), CONSIDERED)
      .map(({ row, score }) => ({ code: codes[row]!, score: score * prior(codes[row]!) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, k);
}

/** Every word's translations, by the square root of their probability: several words that are one translation together each count. Unknown words stay as they are. */
export const translated = (mention: string, translations?: Translations): WeightedText[] =>
  foldedWords(mention).flatMap(({ key }) => {
    const known = translations?.get(key);
    return known ? known.map(({ word, probability }) => ({ text: word, weight: Math.sqrt(probability) })) : [{ text: key, weight: 1 }];
  });

/** Codes that other codes begin with. */
function categoriesAmong(codes: readonly string[]): Set<string> {
  const bare = (code: string): string => code.replace('.', '');
  const prefixes = new Set(codes.flatMap((code) => Array.from({ length: Math.max(0, bare(code).length - 3) }, (_, i) => bare(code).slice(0, i + 3))));
  return new Set(codes.filter((code) => prefixes.has(bare(code))));
}

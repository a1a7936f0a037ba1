/** TF-IDF vectors of texts, with the definitions and defaults of scikit-learn's TfidfVectorizer. */
import { configurationError } from '../../src/core/errors.js';
import { type Csr, csrFromRows } from './csr.js';

export interface TfidfOptions {
  /** Shortest and longest word n-gram. */
  ngrams?: readonly [number, number];
  /** Terms in fewer texts are left out. */
  minDf?: number;
  /** Keep only the terms most frequent over all texts. */
  maxFeatures?: number;
  /** 1 + ln(tf) in place of tf. */
  sublinear?: boolean;
}

export interface Tfidf {
  /** Term → column; columns are in alphabetical order. */
  vocabulary: ReadonlyMap<string, number>;
  /** [F]: ln((1 + n) / (1 + df)) + 1 */
  idf: Float64Array;
  /** Rows of unit Euclidean length (a text without known terms is a row of zeros), [texts, F]. */
  transform(texts: readonly string[]): Csr;
}

/** Words of two characters or more, lower-case: scikit-learn's `\b\w\w+\b`. */
export const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];

/** How often each n-gram occurs in a text. */
function countTerms(text: string, [shortest, longest]: readonly [number, number]): Map<string, number> {
  const tokens = words(text);
  const counts = new Map<string, number>();
  for (let n = shortest; n <= longest; n++) {
    for (let i = 0; i + n <= tokens.length; i++) {
      const term = tokens.slice(i, i + n).join(' ');
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  return counts;
}

/** Document and total frequency of each term. */
function frequencies(documents: readonly ReadonlyMap<string, number>[]): Map<string, { documents: number; total: number }> {
  const found = new Map<string, { documents: number; total: number }>();
  for (const document of documents) {
    for (const [term, count] of document) {
      const entry = found.get(term) ?? { documents: 0, total: 0 };
      found.set(term, { documents: entry.documents + 1, total: entry.total + count });
    }
  }
  return found;
}

/** Fits vocabulary and inverse document frequencies. @throws configuration error when no term is left */
export function fitTfidf(texts: readonly string[], { ngrams = [1, 1], minDf = 1, maxFeatures, sublinear = false }: TfidfOptions = {}): Tfidf {
  const known = [...frequencies(texts.map((text) => countTerms(text, ngrams)))].filter(([, { documents }]) => documents >= minDf);
  if (!known.length) throw configurationError(`TF-IDF: no term occurs in at least ${minDf} of ${texts.length} texts; lower minDf or check that there are notes`);
  const byTerm = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
  const kept = maxFeatures === undefined ? known : known.sort((a, b) => b[1].total - a[1].total || byTerm(a, b)).slice(0, maxFeatures);
  kept.sort(byTerm);
  const vocabulary = new Map(kept.map(([term], column) => [term, column]));
  const idf = Float64Array.from(kept, ([, { documents }]) => Math.log((1 + texts.length) / (1 + documents)) + 1);
  const weigh = (text: string): Map<number, number> => {
    const row = new Map<number, number>();
    for (const [term, count] of countTerms(text, ngrams)) {
      const column = vocabulary.get(term);
      if (column !== undefined) row.set(column, (sublinear ? 1 + Math.log(count) : count) * idf[column]!);
    }
    return unitLength(row);
  };
  return { vocabulary, idf, transform: (newTexts) => csrFromRows(newTexts.map(weigh), vocabulary.size) };
}

function unitLength(row: Map<number, number>): Map<number, number> {
  let squares = 0;
  for (const value of row.values()) squares += value * value;
  for (const [column, value] of row) row.set(column, value / Math.sqrt(squares));
  return row;
}

/** The terms of TF-IDF: which words and pairs of words are columns, and how a thread finds them. */
import { configurationError } from '../../src/core/errors.js';
import { hashPair, type PairCounts } from './pairs.js';
import { sharedFloat64, sharedInt32 } from './shared.js';

export interface TermOptions {
  /** Shortest and longest term in words. */
  ngrams: readonly [1 | 2, 1 | 2];
  /** Terms in fewer texts are left out. */
  minDf: number;
  /** Only the terms most frequent over all texts; of equally frequent ones the first in alphabetical order. */
  maxFeatures: number;
}

/** Numbered words, with how often each occurs and in how many texts. */
export interface WordCounts {
  words: readonly string[];
  totals: ArrayLike<number>;
  documents: ArrayLike<number>;
}

/** What threads need of the terms; words are numbers here. */
export interface TermColumns {
  /** [words]: the word's column, −1 where it is none. */
  ofWord: Int32Array;
  /** Open addressing, three numbers a slot: first word + 1 (0: empty), second word, column. */
  ofPair: Int32Array;
  /** [columns]: ln((1 + texts) / (1 + documents)) + 1 */
  idf: Float64Array;
}

/** What a vocabulary was fitted on; the rest follows from it. */
export interface TermCounts {
  /** By column: a word, or two with a space between. */
  terms: string[];
  /** [columns]: texts that have the term, of so many. */
  documents: Int32Array;
  texts: number;
}

export interface Terms extends TermColumns, TermCounts {
  /** Number of each word that occurs in some term. */
  wordIds: Map<string, number>;
}

interface Candidate {
  term: string;
  total: number;
  documents: number;
}

/**
 * Columns are in order of falling document frequency (then alphabetical), so that what most rows touch lies close together in memory: that alone
 * halves the time of a sparse product.
 * @throws configuration error when no term is left
 */
export function chooseTerms({ words, pairs, texts }: { words: WordCounts; pairs: readonly PairCounts[]; texts: number }, { ngrams: [shortest, longest], minDf, maxFeatures }: TermOptions): Terms {
  const singles = shortest === 1 ? words : { words: [], totals: [], documents: [] };
  const doubles = longest === 2 ? pairs : [];
  const least = leastTotal([singles, ...doubles], minDf, maxFeatures);
  const candidates = [...frequentWords(singles, minDf, least), ...doubles.flatMap((counts) => pairTerms(counts, words.words, least))];
  if (!candidates.length) throw configurationError(`TF-IDF: no term occurs in at least ${minDf} of ${texts} texts; lower min_df or check that there are notes`);
  const kept = mostFrequent(candidates, maxFeatures).sort((a, b) => b.documents - a.documents || byTerm(a, b));
  return indexTerms({ terms: kept.map(({ term }) => term), documents: Int32Array.from(kept, ({ documents }) => documents), texts });
}

/** How often a term must occur to be among the most frequent: millions of candidates are never spelt out. */
function leastTotal(counts: readonly Pick<WordCounts, 'totals' | 'documents'>[], minDf: number, most: number): number {
  const totals = Int32Array.from(counts.flatMap(({ totals: all, documents }) => Array.from(all).filter((_, i) => documents[i]! >= minDf))).sort();
  return totals.length > most ? totals[totals.length - most]! : 1;
}

function frequentWords({ words, totals, documents }: WordCounts, minDf: number, least: number): Candidate[] {
  return words.flatMap((term, id) => (documents[id]! >= minDf && totals[id]! >= least ? [{ term, total: totals[id]!, documents: documents[id]! }] : []));
}

const pairTerms = ({ first, second, totals, documents }: PairCounts, words: readonly string[], least: number): Candidate[] =>
  Array.from(first).flatMap((a, i) => (totals[i]! >= least ? [{ term: `${words[a]!} ${words[second[i]!]!}`, total: totals[i]!, documents: documents[i]! }] : []));

const byTerm = (a: Candidate, b: Candidate): number => (a.term < b.term ? -1 : 1);

function mostFrequent(candidates: Candidate[], most: number): Candidate[] {
  return candidates.length > most ? candidates.sort((a, b) => b.total - a.total || byTerm(a, b)).slice(0, most) : candidates;
}

/** Three numbers a slot, at most half of the slots taken. */
const WIDTH = 3;

export function indexTerms({ terms, documents, texts }: TermCounts): Terms {
  const wordIds = new Map<string, number>();
  const idOf = (word: string): number => wordIds.get(word) ?? (wordIds.set(word, wordIds.size), wordIds.size - 1);
  const parts = terms.map((term) => term.split(' ').map(idOf));
  const ofWord = sharedInt32(wordIds.size).fill(-1);
  const ofPair = sharedInt32(WIDTH * 2 ** Math.ceil(Math.log2(2 * parts.filter(({ length }) => length === 2).length + 2)));
  parts.forEach(([a, b], column) => {
    if (b === undefined) ofWord[a!] = column;
    else ofPair.set([a! + 1, b, column], slotOf(ofPair, a!, b));
  });
  const idf = sharedFloat64(terms.length);
  documents.forEach((count, column) => (idf[column] = Math.log((1 + texts) / (1 + count)) + 1));
  return { terms, documents, texts, wordIds, ofWord, ofPair, idf };
}

function slotOf(table: Int32Array, a: number, b: number): number {
  const mask = table.length / WIDTH - 1;
  for (let slot = hashPair(a, b) & mask; ; slot = (slot + 1) & mask) {
    const at = slot * WIDTH;
    if (table[at] === 0 || (table[at] === a + 1 && table[at + 1] === b)) return at;
  }
}

/** @returns the column of a pair of words, −1 where it is none */
export function columnOfPair(table: Int32Array, a: number, b: number): number {
  const at = slotOf(table, a, b);
  return table[at] === 0 ? -1 : table[at + 2]!;
}

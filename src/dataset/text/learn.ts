/**
 * Learns a WordPiece vocabulary from word counts: byte-pair merges by frequency, as Hugging Face's WordPieceTrainer does,
 * but with every tie broken by a rule, so that equal texts give equal vocabularies (theirs differ from run to run).
 */
import { createPairQueue } from './pair-queue.js';
import { specialTokens } from './write.js';

export interface LearnOptions {
  vocabulary_size: number;
  /** Occurrences below which a pair is not merged, and a character does not enter the alphabet. */
  min_frequency: number;
}

/** Characters kept at most: rarer ones become [UNK]. */
const LARGEST_ALPHABET = 1_000;
const PAIR_BASE = 2 ** 24;

interface Corpus {
  /** Piece ids of each word. */
  words: number[][];
  counts: number[];
}

/** Frequency of each pair of neighbours, and the words that (may) hold it. */
interface Pairs {
  counts: Map<number, number>;
  words: Map<number, Set<number>>;
}

const pairKey = (left: number, right: number): number => left * PAIR_BASE + right;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function alphabet(wordCounts: ReadonlyMap<string, number>, minFrequency: number): Set<string> {
  const frequency = new Map<string, number>();
  for (const [word, count] of wordCounts) for (const character of word) frequency.set(character, (frequency.get(character) ?? 0) + count);
  const frequent = [...frequency].filter(([, count]) => count >= minFrequency).sort((a, b) => b[1] - a[1] || byText(a[0], b[0]));
  return new Set(frequent.slice(0, LARGEST_ALPHABET).map(([character]) => character));
}

/** Words as lists of single-character pieces (`##` inside a word); a word with a character outside the alphabet is left out. */
function spell(wordCounts: ReadonlyMap<string, number>, known: Set<string>, ids: Map<string, number>): Corpus {
  const corpus: Corpus = { words: [], counts: [] };
  const sorted = [...wordCounts].sort((a, b) => byText(a[0], b[0]));
  for (const [word, count] of sorted) {
    const characters = [...word];
    if (!characters.every((character) => known.has(character))) continue;
    corpus.words.push(characters.map((character, i) => ids.get(i ? `##${character}` : character)!));
    corpus.counts.push(count);
  }
  return corpus;
}

function addPair(pairs: Pairs, key: number, word: number, count: number): void {
  pairs.counts.set(key, (pairs.counts.get(key) ?? 0) + count);
  let holders = pairs.words.get(key);
  if (!holders) pairs.words.set(key, (holders = new Set()));
  holders.add(word);
}

function countPairs({ words, counts }: Corpus): Pairs {
  const pairs: Pairs = { counts: new Map(), words: new Map() };
  words.forEach((pieces, word) => {
    for (let i = 1; i < pieces.length; i++) addPair(pairs, pairKey(pieces[i - 1]!, pieces[i]!), word, counts[word]!);
  });
  return pairs;
}

/** Replaces (left, right) by `merged` in one word. */
function mergeWord(pieces: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const joins = pieces[i] === left && pieces[i + 1] === right;
    result.push(joins ? merged : pieces[i]!);
    if (joins) i++;
  }
  return result;
}

/** Merges one pair everywhere. @returns the pairs whose count has changed */
function mergePair(corpus: Corpus, pairs: Pairs, key: number, merged: number): Set<number> {
  const left = Math.floor(key / PAIR_BASE);
  const right = key % PAIR_BASE;
  const changed = new Set<number>();
  for (const word of pairs.words.get(key) ?? []) {
    const before = corpus.words[word]!;
    const after = mergeWord(before, left, right, merged);
    if (after.length === before.length) continue;
    const count = corpus.counts[word]!;
    for (let i = 1; i < before.length; i++) {
      const old = pairKey(before[i - 1]!, before[i]!);
      pairs.counts.set(old, pairs.counts.get(old)! - count);
      changed.add(old);
    }
    for (let i = 1; i < after.length; i++) {
      const now = pairKey(after[i - 1]!, after[i]!);
      addPair(pairs, now, word, count);
      changed.add(now);
    }
    corpus.words[word] = after;
  }
  pairs.counts.delete(key);
  pairs.words.delete(key);
  changed.delete(key);
  return changed;
}

/**
 * @param wordCounts words (after normalization) and how often each occurs
 * @returns word pieces in the order of their ids: special tokens, characters, then merges from the most frequent
 */
export function learnWordPiece(wordCounts: ReadonlyMap<string, number>, { vocabulary_size, min_frequency }: LearnOptions): string[] {
  const known = alphabet(wordCounts, min_frequency);
  const characters = [...known].sort(byText);
  const pieces: string[] = [...specialTokens, ...characters, ...characters.map((character) => `##${character}`)];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const corpus = spell(wordCounts, known, ids);
  const pairs = countPairs(corpus);
  const queue = createPairQueue();
  for (const [key, count] of pairs.counts) queue.push({ key, count });
  while (pieces.length < vocabulary_size) {
    const top = queue.pop();
    if (!top || top.count < min_frequency) break;
    if (pairs.counts.get(top.key) !== top.count) continue;
    const piece = pieces[Math.floor(top.key / PAIR_BASE)]! + pieces[top.key % PAIR_BASE]!.slice(2);
    let merged = ids.get(piece);
    if (merged === undefined) {
      merged = pieces.push(piece) - 1;
      ids.set(piece, merged);
    }
    for (const key of mergePair(corpus, pairs, top.key, merged)) {
      const count = pairs.counts.get(key)!;
      if (count >= min_frequency) queue.push({ key, count });
    }
  }
  return pieces;
}

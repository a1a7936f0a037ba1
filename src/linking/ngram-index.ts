/**
 * Texts by the cosine of their TF-IDF weighted character n-grams. n-grams end at word borders, so that the order of words makes no difference, and a query
 * is compared with each distinct word once: a text's score is the sum of its words' over its length.
 */
import { foldedWords } from './words.js';

export interface Match {
  /** Row of the indexed texts. */
  row: number;
  /** Cosine, 0–1. */
  score: number;
}

export interface WeightedText {
  text: string;
  weight: number;
}

export interface NgramIndex {
  /** The `k` nearest of the texts that share an n-gram with the query, the sum of weighted texts; nearest first, between equals the earlier row. */
  search(query: readonly WeightedText[], k: number): Match[];
}

/** Short enough for one changed letter to leave most of a word's n-grams, long enough to be rare. */
const LENGTHS = [2, 3, 4];

/** n-grams of `^word$`, of a folded word. */
export function ngramsOf(word: string): string[] {
  const letters = Array.from(`^${word}$`);
  return LENGTHS.flatMap((length) => Array.from({ length: Math.max(0, letters.length - length + 1) }, (_, at) => letters.slice(at, at + length).join('')));
}

/** Lists of numbers end to end; list i is `values[starts[i]]` to `values[starts[i + 1]]`. */
interface Lists {
  starts: Int32Array;
  values: Int32Array;
}

export interface NgramIndexOptions {
  /**
   * Texts are looked at only if one of their words is this near to the query, against the nearest word of all (0–1): several times faster, and what is left
   * out is not alike. 0: all that share an n-gram.
   */
  nearWord?: number;
}

export function createNgramIndex(texts: readonly string[], { nearWord = 0 }: NgramIndexOptions = {}): NgramIndex {
  const { rows, words } = number(texts.map((text) => foldedWords(text).map(({ key }) => key)));
  const { rows: gramsOfWord, words: grams } = number([...words.keys()].map(ngramsOf));
  const inverseFrequency = inverseFrequencies(rows, gramsOfWord, grams.size);
  const lengths = lengthsOf(rows, gramsOfWord, inverseFrequency);
  const wordsOfGram = transpose(gramsOfWord, grams.size);
  const rowsNear = nearWord > 0 ? createNearRows(transpose(rows, words.size), texts.length, nearWord) : undefined;
  const allRows = Int32Array.from(texts.keys());
  const ofWord = new Float64Array(words.size);
  return {
    search(query, k) {
      ofWord.fill(0);
      for (const { gram, weight } of unitVector(query, { grams, inverseFrequency, total: texts.length })) {
        for (let at = wordsOfGram.starts[gram]!; at < wordsOfGram.starts[gram + 1]!; at++) ofWord[wordsOfGram.values[at]!]! += weight * inverseFrequency[gram]!;
      }
      return highest(rowsNear?.(ofWord) ?? allRows, { rows, ofWord, lengths, k });
    },
  };
}

/** Gives each distinct string a number, in order of appearance. */
function number(lists: readonly (readonly string[])[]): { rows: Lists; words: Map<string, number> } {
  const words = new Map<string, number>();
  const starts = new Int32Array(lists.length + 1);
  const values: number[] = [];
  lists.forEach((list, row) => {
    for (const word of list) {
      let id = words.get(word);
      if (id === undefined) words.set(word, (id = words.size));
      values.push(id);
    }
    starts[row + 1] = values.length;
  });
  return { rows: { starts, values: Int32Array.from(values) }, words };
}

/** 1 + ln((1 + N) / (1 + n)), as scikit-learn smooths it. */
const inverse = (total: number, containing: number): number => 1 + Math.log((1 + total) / (1 + containing));

/** [n-grams], from the number of texts that have each. */
function inverseFrequencies(rows: Lists, gramsOfWord: Lists, grams: number): Float64Array {
  const containing = new Int32Array(grams);
  forEachRow(rows, gramsOfWord, grams, (_, counted) => counted.forEach(({ gram }) => containing[gram]!++));
  return Float64Array.from(containing, (count) => inverse(rows.starts.length - 1, count));
}

/** [rows]: Euclidean length of each text's vector. */
function lengthsOf(rows: Lists, gramsOfWord: Lists, inverseFrequency: Float64Array): Float64Array {
  const lengths = new Float64Array(rows.starts.length - 1);
  forEachRow(rows, gramsOfWord, inverseFrequency.length, (row, counted) => {
    lengths[row] = Math.sqrt(counted.reduce((sum, { gram, count }) => sum + (count * inverseFrequency[gram]!) ** 2, 0));
  });
  return lengths;
}

/** Hands over each text's distinct n-grams with their counts. */
function forEachRow(rows: Lists, gramsOfWord: Lists, grams: number, visit: (row: number, counted: { gram: number; count: number }[]) => void): void {
  const counts = new Int32Array(grams);
  for (let row = 0; row + 1 < rows.starts.length; row++) {
    const present: number[] = [];
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++) {
      const word = rows.values[i]!;
      for (let at = gramsOfWord.starts[word]!; at < gramsOfWord.starts[word + 1]!; at++) {
        const gram = gramsOfWord.values[at]!;
        if (counts[gram]!++ === 0) present.push(gram);
      }
    }
    visit(row, present.map((gram) => ({ gram, count: counts[gram]! })));
    for (const gram of present) counts[gram] = 0;
  }
}

function transpose({ starts, values }: Lists, columns: number): Lists {
  const turned: Lists = { starts: new Int32Array(columns + 1), values: new Int32Array(values.length) };
  for (const column of values) turned.starts[column + 1]!++;
  for (let column = 0; column < columns; column++) turned.starts[column + 1]! += turned.starts[column]!;
  const next = turned.starts.slice();
  for (let row = 0; row + 1 < starts.length; row++) for (let at = starts[row]!; at < starts[row + 1]!; at++) turned.values[next[values[at]!]!++] = row;
  return turned;
}

interface Known {
  grams: ReadonlyMap<string, number>;
  inverseFrequency: Float64Array;
  /** Indexed texts. */
  total: number;
}

/** n-grams that no text has count in the length, so that a half unknown text is not similar. */
function unitVector(query: readonly WeightedText[], { grams, inverseFrequency, total }: Known): { gram: number; weight: number }[] {
  const counts = new Map<string, number>();
  for (const { text, weight } of query) {
    for (const gram of foldedWords(text).flatMap(({ key }) => ngramsOf(key))) counts.set(gram, (counts.get(gram) ?? 0) + weight);
  }
  let squares = 0;
  const vector: { gram: number; weight: number }[] = [];
  for (const [text, count] of counts) {
    const gram = grams.get(text);
    const weight = count * (gram === undefined ? inverse(total, 0) : inverseFrequency[gram]!);
    squares += weight * weight;
    if (gram !== undefined) vector.push({ gram, weight });
  }
  return vector.map(({ gram, weight }) => ({ gram, weight: weight / Math.sqrt(squares) }));
}

/** @returns a function from what each word gives to the rows, ascending, that have one of the words which give most */
function createNearRows({ starts, values }: Lists, rows: number, share: number): (ofWord: Float64Array) => Int32Array {
  const seen = new Uint8Array(rows);
  return (ofWord) => {
    let most = 0;
    for (let word = 0; word < ofWord.length; word++) if (ofWord[word]! > most) most = ofWord[word]!;
    const near: number[] = [];
    for (let word = 0; word < ofWord.length; word++) {
      if (ofWord[word]! === 0 || ofWord[word]! < share * most) continue;
      for (let at = starts[word]!; at < starts[word + 1]!; at++) {
        const row = values[at]!;
        if (!seen[row]) near.push(row);
        seen[row] = 1;
      }
    }
    for (const row of near) seen[row] = 0;
    return Int32Array.from(near).sort();
  };
}

interface Scoring {
  rows: Lists;
  ofWord: Float64Array;
  lengths: Float64Array;
  k: number;
}

/** The `k` best of some rows, by insertion: `k` is small. */
function highest(considered: Int32Array, { rows: { starts, values }, ofWord, lengths, k }: Scoring): Match[] {
  const best: Match[] = [];
  let least = 0;
  for (const row of considered) {
    let sum = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += ofWord[values[at]!]!;
    const score = sum / lengths[row]!;
    if (!(score > least)) continue;
    let at = best.length;
    while (at > 0 && score > best[at - 1]!.score) at--;
    best.splice(at, 0, { row, score });
    if (best.length > k) best.pop();
    if (best.length === k) least = best[k - 1]!.score;
  }
  return best;
}

/** TF-IDF vectors of texts, with the definitions of scikit-learn's TfidfVectorizer: fitted on all notes at once, or on a stream of them by threads. */
import type { ColumnBlock } from './column-block.js';
import type { Csr } from './csr.js';
import { countPairs, sharesOf, type NumberedTexts } from './pairs.js';
import { sharedInt32 } from './shared.js';
import { chooseTerms, type TermOptions, type Terms, type WordCounts } from './terms.js';
import type { Threads } from './threads.js';
import { vectorise } from './vectorise.js';
import { encodeTexts, type EncodedTexts, type WordOptions } from './words.js';

export interface TfidfOptions extends TermOptions, WordOptions {
  /** 1 + ln(tf) in place of tf. */
  sublinear: boolean;
}

export const tfidfDefaults: TfidfOptions = { ngrams: [1, 1], minDf: 1, maxFeatures: Infinity, sublinear: false };

export interface Tfidf extends Terms {
  /** Rows of unit Euclidean length (a text without known terms is a row of zeros), [texts, F]. */
  transform(texts: readonly string[]): Csr;
}

/** Fits vocabulary and inverse document frequencies. @throws configuration error when no term is left */
export function fitTfidf(texts: readonly string[], options: Partial<TfidfOptions> = {}): Tfidf {
  const all = { ...tfidfDefaults, ...options };
  const collected = createCollection();
  collected.add(encodeTexts({ texts, options: all }));
  const { words, batches } = collected.finish(all.minDf);
  const pairs = all.ngrams[1] === 2 ? Array.from({ length: sharesOf(batches) }, (_, share) => countPairs(pairRequest(batches, share, all))) : [];
  return tfidfOf(chooseTerms({ words, pairs, texts: texts.length }, all), all);
}

/** @param terms as `fitTfidf` gave them, or read from a file */
export function tfidfOf(terms: Terms, options: TfidfOptions): Tfidf {
  return {
    ...terms,
    transform(texts) {
      const encoded = encodeTexts({ texts, options });
      return vectorise({ texts: numbered(encoded, terms), columns: columnsOf(terms), sublinear: options.sublinear });
    },
  };
}

/**
 * Fits and transforms in one reading of the notes. In memory: four bytes a word, then eight bytes an entry of the matrix.
 * @param batches of texts, in the order of the rows
 * @returns the rows in blocks, the same whatever the number of threads
 */
export async function fitTransform(batches: AsyncIterable<readonly string[]>, options: TfidfOptions, threads: Threads): Promise<{ tfidf: Tfidf; blocks: ColumnBlock[] }> {
  const collection = createCollection();
  await threads.inOrder('encode', requests(batches, options), (encoded) => collection.add(encoded));
  const { words, batches: texts, rows } = collection.finish(options.minDf);
  const shares = options.ngrams[1] === 2 ? sharesOf(texts) : 0;
  const pairs = await threads.all('countPairs', Array.from({ length: shares }, (_, share) => pairRequest(texts, share, options)));
  const terms = chooseTerms({ words, pairs, texts: rows }, options);
  const wordOf = renumber(words.words, terms);
  const requestsOf = texts.map((batch) => ({ texts: { ...batch, wordOf: batch.wordOf.map((id) => wordOf[id] ?? -1) }, columns: columnsOf(terms), sublinear: options.sublinear }));
  return { tfidf: tfidfOf(terms, options), blocks: await threads.all('vectoriseBlock', requestsOf) };
}

async function* requests(batches: AsyncIterable<readonly string[]>, options: WordOptions): AsyncGenerator<{ texts: readonly string[]; options: WordOptions }> {
  for await (const texts of batches) yield { texts, options: { stripAccents: options.stripAccents } };
}

const columnsOf = ({ ofWord, ofPair, idf }: Terms) => ({ ofWord, ofPair, idf });

const numbered = ({ offsets, ids, words }: EncodedTexts, { wordIds }: Terms): NumberedTexts => ({ offsets, ids, wordOf: Int32Array.from(words, (word) => wordIds.get(word) ?? -1) });

const renumber = (words: readonly string[], { wordIds }: Terms): Int32Array => Int32Array.from(words, (word) => wordIds.get(word) ?? -1);

function pairRequest(batches: readonly NumberedTexts[], share: number, { minDf, maxFeatures }: TermOptions) {
  return { batches, share, shares: sharesOf(batches), minDf, most: maxFeatures };
}

interface Collection {
  add(encoded: EncodedTexts): void;
  /** @param minDf words in fewer texts count for nothing */
  finish(minDf: number): { words: WordCounts; batches: NumberedTexts[]; rows: number };
}

/** Gives the words of all batches common numbers. */
function createCollection(): Collection {
  const known = new Map<string, number>();
  const [totals, documents]: [number[], number[]] = [[], []];
  const batches: NumberedTexts[] = [];
  let rows = 0;
  return {
    add({ words, offsets, ids, ...counts }) {
      const wordOf = sharedInt32(words.length);
      words.forEach((word, i) => {
        let id = known.get(word);
        if (id === undefined) known.set(word, (id = known.size));
        wordOf[i] = id;
        totals[id] = (totals[id] ?? 0) + counts.totals[i]!;
        documents[id] = (documents[id] ?? 0) + counts.documents[i]!;
      });
      rows += offsets.length - 1;
      batches.push({ offsets, ids, wordOf });
    },
    finish(minDf) {
      for (const { wordOf } of batches) wordOf.forEach((id, i) => (wordOf[i] = documents[id]! >= minDf ? id : -1));
      return { words: { words: [...known.keys()], totals, documents }, batches, rows };
    },
  };
}

/** Word translations learnt from pairs of sentences: IBM Model 1 (Brown et al. 1993), by expectation maximisation. */
import type { SentencePair } from './sentence-alignment.js';
import { foldedWords } from './words.js';

export interface Translation {
  /** Folded word of the other language. */
  word: string;
  /** P(word | source word), at most 1. */
  probability: number;
}

/** Folded word → its translations, the most probable first. */
export type Translations = ReadonlyMap<string, readonly Translation[]>;

export interface TranslationOptions {
  /** Rounds of expectation maximisation. */
  rounds?: number;
  /** Words seen less often on their side are left out. */
  leastCount?: number;
  /** Translations kept of a word, and how probable they must be. */
  most?: number;
  leastProbability?: number;
}

/** Words of both sides as numbers; 0 of the source is the empty word, which explains what nothing else does. */
interface Corpus {
  sources: string[];
  targets: string[];
  /** Each pair's distinct words. */
  pairs: { sources: Int32Array; targets: Int32Array }[];
}

/** Places of P(target | source), for words that meet in some pair. */
interface Table {
  /** [cells] */
  sourceOf: Int32Array;
  targetOf: Int32Array;
  /** For each pair [targets × sources]: the cells, end to end. */
  cells: Int32Array;
}

export function learnTranslations(pairs: readonly SentencePair[], { rounds = 5, leastCount = 2, most = 5, leastProbability = 0.05 }: TranslationOptions = {}): Translations {
  const corpus = readCorpus(pairs, leastCount);
  const table = tabulate(corpus);
  let probabilities: Float32Array = new Float32Array(table.sourceOf.length).fill(1);
  for (let round = 0; round < rounds; round++) probabilities = maximise(expect(corpus, table, probabilities), table, corpus.sources.length);
  return likeliest(corpus, table, { probabilities, most, leastProbability });
}

const hasLetter = /\p{L}/u;
const wordsOf = (text: string): string[] => [...new Set(foldedWords(text).map(({ key }) => key).filter((key) => hasLetter.test(key)))];

function readCorpus(pairs: readonly SentencePair[], leastCount: number): Corpus {
  const texts = pairs.map(({ source, target }) => ({ sources: wordsOf(source), targets: wordsOf(target) }));
  const [sources, targets] = [frequent(texts.map((pair) => pair.sources), leastCount), frequent(texts.map((pair) => pair.targets), leastCount)];
  const numbers = (words: readonly string[], ids: ReadonlyMap<string, number>): number[] => words.flatMap((word) => ids.get(word) ?? []);
  return {
    sources: ['', ...sources.keys()],
    targets: [...targets.keys()],
    pairs: texts.map((pair) => ({ sources: Int32Array.from([0, ...numbers(pair.sources, sources).map((id) => id + 1)]), targets: Int32Array.from(numbers(pair.targets, targets)) })),
  };
}

function frequent(texts: readonly (readonly string[])[], leastCount: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts.keys()].filter((word) => counts.get(word)! >= leastCount).map((word, id) => [word, id]));
}

function tabulate({ targets, pairs }: Corpus): Table {
  const cells = new Int32Array(pairs.reduce((sum, pair) => sum + pair.sources.length * pair.targets.length, 0));
  const numbers = new Map<number, number>();
  const [sourceOf, targetOf]: [number[], number[]] = [[], []];
  let at = 0;
  for (const pair of pairs) {
    for (const target of pair.targets) {
      for (const source of pair.sources) {
        const key = source * targets.length + target;
        let cell = numbers.get(key);
        if (cell === undefined) {
          numbers.set(key, (cell = numbers.size));
          sourceOf.push(source);
          targetOf.push(target);
        }
        cells[at++] = cell;
      }
    }
  }
  return { sourceOf: Int32Array.from(sourceOf), targetOf: Int32Array.from(targetOf), cells };
}

/** Each target word is shared out among the source words beside it. @returns [cells] expected counts */
function expect({ pairs }: Corpus, { cells }: Table, probabilities: Float32Array): Float64Array {
  const counts = new Float64Array(probabilities.length);
  let at = 0;
  for (const { sources, targets } of pairs) {
    for (let target = 0; target < targets.length; target++, at += sources.length) {
      let total = 0;
      for (let i = 0; i < sources.length; i++) total += probabilities[cells[at + i]!]!;
      if (total === 0) continue;
      for (let i = 0; i < sources.length; i++) counts[cells[at + i]!]! += probabilities[cells[at + i]!]! / total;
    }
  }
  return counts;
}

function maximise(counts: Float64Array, { sourceOf }: Table, sources: number): Float32Array {
  const totals = new Float64Array(sources);
  counts.forEach((count, cell) => (totals[sourceOf[cell]!]! += count));
  return Float32Array.from(counts, (count, cell) => (count === 0 ? 0 : count / totals[sourceOf[cell]!]!));
}

interface LikeliestOptions {
  probabilities: Float32Array;
  most: number;
  leastProbability: number;
}

function likeliest({ sources, targets }: Corpus, { sourceOf, targetOf }: Table, { probabilities, most, leastProbability }: LikeliestOptions): Translations {
  const bySource = new Map<string, Translation[]>();
  probabilities.forEach((probability, cell) => {
    const source = sources[sourceOf[cell]!]!;
    if (!source || probability < leastProbability) return;
    const translation = { word: targets[targetOf[cell]!]!, probability };
    const known = bySource.get(source);
    if (known) known.push(translation);
    else bySource.set(source, [translation]);
  });
  for (const [source, translations] of bySource) bySource.set(source, translations.sort((a, b) => b.probability - a.probability || (a.word < b.word ? -1 : 1)).slice(0, most));
  return bySource;
}

/** Sentences of a text and of its translation put side by side, by length (Gale & Church 1993) and by words that both languages spell alike. */
import { foldedWords } from './words.js';

export interface SentencePair {
  source: string;
  target: string;
}

/** Sentences taken from either side at once, with the cost of it: −ln of how often Gale & Church found each. */
const MOVES = [
  { sources: 1, targets: 1, cost: 0.12 },
  { sources: 1, targets: 0, cost: 5.3 },
  { sources: 0, targets: 1, cost: 5.3 },
  { sources: 2, targets: 1, cost: 3.1 },
  { sources: 1, targets: 2, cost: 3.1 },
] as const;

/** Variance of a translation's length for each character. */
const VARIANCE = 6.8;
/** What a word spelt alike in both is worth; numbers and terms of Greek and Latin are. */
const SHARED = 1;
/** Letters that decide whether words are spelt alike: endings differ. */
const STEM = 5;

interface Place {
  cost: number;
  sources: number;
  targets: number;
}

/** The cheapest way through both texts, in order; what has no counterpart is left out. */
export function alignSentences(sources: readonly string[], targets: readonly string[]): SentencePair[] {
  if (!sources.length || !targets.length) return [];
  const measure = measuring(sources, targets);
  const width = targets.length + 1;
  const best: Place[] = [{ cost: 0, sources: 0, targets: 0 }];
  for (let at = 1; at < (sources.length + 1) * width; at++) {
    const [i, j] = [Math.floor(at / width), at % width];
    const reached = MOVES.filter((move) => move.sources <= i && move.targets <= j).map((move): Place => ({
      sources: move.sources,
      targets: move.targets,
      cost: best[at - move.sources * width - move.targets]!.cost + move.cost + measure(i - move.sources, i, j - move.targets, j),
    }));
    best.push(reached.reduce((least, place) => (place.cost < least.cost ? place : least)));
  }
  return follow(best, sources, targets);
}

function follow(best: readonly Place[], sources: readonly string[], targets: readonly string[]): SentencePair[] {
  const pairs: SentencePair[] = [];
  for (let [i, j] = [sources.length, targets.length]; i + j > 0; ) {
    const move = best[i * (targets.length + 1) + j]!;
    if (move.sources && move.targets) pairs.unshift({ source: sources.slice(i - move.sources, i).join(' '), target: targets.slice(j - move.targets, j).join(' ') });
    [i, j] = [i - move.sources, j - move.targets];
  }
  return pairs;
}

type Measure = (fromSource: number, toSource: number, fromTarget: number, toTarget: number) => number;

function measuring(sources: readonly string[], targets: readonly string[]): Measure {
  const [sourceEnds, targetEnds] = [runningLengths(sources), runningLengths(targets)];
  const ratio = targetEnds.at(-1)! / sourceEnds.at(-1)!;
  const [sourceStems, targetStems] = [sources.map(stemsOf), targets.map(stemsOf)];
  return (fromSource, toSource, fromTarget, toTarget) => {
    const source = sourceEnds[toSource]! - sourceEnds[fromSource]!;
    const target = targetEnds[toTarget]! - targetEnds[fromTarget]!;
    if (!source || !target) return 0;
    const deviation = (target - source * ratio) / Math.sqrt(VARIANCE * source * ratio);
    return (deviation * deviation) / 2 - SHARED * shared(sourceStems.slice(fromSource, toSource), targetStems.slice(fromTarget, toTarget));
  };
}

/** [n + 1]: characters before each sentence. */
function runningLengths(sentences: readonly string[]): number[] {
  const ends = [0];
  for (const sentence of sentences) ends.push(ends.at(-1)! + sentence.length);
  return ends;
}

/** Short words say nothing, unless they are numbers. */
const stemsOf = (sentence: string): Set<string> =>
  new Set(foldedWords(sentence).map(({ key }) => key).filter((key) => key.length >= STEM || /^\d\d/.test(key)).map((key) => key.slice(0, STEM)));

function shared(sources: readonly Set<string>[], targets: readonly Set<string>[]): number {
  let count = 0;
  for (const source of sources) for (const stem of source) if (targets.some((target) => target.has(stem))) count++;
  return count;
}

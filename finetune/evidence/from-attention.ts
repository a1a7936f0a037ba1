/** Spans out of label attention: over the tokens of a note's chunks → its word pieces → its words → the runs of words it rests on. */
import { chunksOf, type Chunking, type LocatedPieces } from '../../src/dataset/index.js';
import type { Span } from '../ner/corpus.js';
import type { EvidenceSpan } from './explained-note.js';
import type { NoteWords } from './words.js';

export const ATTENTION_SOURCE = 'label attention';

export interface TokenGrid {
  /** Pieces of the note, without [CLS] and [SEP]. */
  pieces: number;
  /** W: tokens of a chunk in the batch. */
  width: number;
  chunking: Chunking;
}

/** @returns for each piece its places in the batch, among the tokens of all chunks end to end: two where chunks overlap, none beyond what the model reads */
export function tokensOfPieces({ pieces, width, chunking }: TokenGrid): number[][] {
  const tokens = Array.from({ length: pieces }, (): number[] => []);
  chunksOf(pieces, chunking).forEach(({ start, end }, c) => {
    for (let piece = start; piece < end; piece++) tokens[piece]!.push(c * width + 1 + piece - start);
  });
  return tokens;
}

/**
 * What is paid to [CLS], [SEP] and padding is dropped.
 * @param weights of one code over the tokens of all chunks [C · W] @returns the weight of each piece
 */
export const pieceWeights = (weights: ArrayLike<number>, grid: TokenGrid): number[] =>
  tokensOfPieces(grid).map((tokens) => tokens.reduce((sum, token) => sum + weights[token]!, 0));

/** A piece that lies in several words is shared out by characters; one that lies in none (a marker of white space) is dropped. */
export function wordWeights(words: readonly Span[], { starts, ends }: Pick<LocatedPieces, 'starts' | 'ends'>, ofPieces: readonly number[]): Float64Array {
  const ofWords = new Float64Array(words.length);
  let first = 0;
  ofPieces.forEach((weight, piece) => {
    const [start, end] = [starts[piece]!, ends[piece]!];
    while (first < words.length && words[first]!.end <= start) first++;
    const shared = (word: Span): number => Math.min(end, word.end) - Math.max(start, word.start);
    const covered = words.slice(first, wordsBefore(words, first, end));
    const total = covered.reduce((sum, word) => sum + shared(word), 0);
    covered.forEach((word, i) => (ofWords[first + i]! += (weight * shared(word)) / total));
  });
  return ofWords;
}

/** @returns the first word from `from` on that begins at or after `end` */
function wordsBefore(words: readonly Span[], from: number, end: number): number {
  let at = from;
  while (at < words.length && words[at]!.start < end) at++;
  return at;
}

export interface SpanRule {
  /** A word takes part when it gets at least this share of what the heaviest word gets. */
  share: number;
  /** Words between two that take part which a span bridges. */
  gap: number;
  /** Most spans a code, the heaviest. */
  most: number;
}

/** Chosen on training spans (docs/decisions/0072): attention that was taught where to look is even over a mention; otherwise it is sharp and strays. */
export const spanRules: Readonly<Record<'taught' | 'untaught', SpanRule>> = {
  taught: { share: 0.1, gap: 1, most: 2 },
  untaught: { share: 0.5, gap: 1, most: 3 },
};

/** @returns the spans by falling weight, each with the share of the code's attention that its words get */
export function spansOf({ words, isContent, isStart }: NoteWords, weights: ArrayLike<number>, { share, gap, most }: SpanRule): EvidenceSpan[] {
  const heaviest = words.reduce((top, _, w) => (isContent[w] ? Math.max(top, weights[w]!) : top), 0);
  if (heaviest === 0) return [];
  const runs: { first: number; last: number; weight: number }[] = [];
  let between = 0;
  let open = false;
  for (let w = 0; w < words.length; w++) {
    if (isStart[w]) open = false;
    if (isContent[w] && weights[w]! >= share * heaviest) {
      if (open) Object.assign(runs.at(-1)!, { last: w, weight: runs.at(-1)!.weight + between + weights[w]! });
      else runs.push({ first: w, last: w, weight: weights[w]! });
      [open, between] = [true, 0];
    } else if (open) {
      between += weights[w]!;
      open = w - runs.at(-1)!.last <= gap;
    }
  }
  return runs
    .sort((a, b) => b.weight - a.weight || a.first - b.first)
    .slice(0, most)
    .map(({ first, last, weight }) => ({ start: words[first]!.start, end: words[last]!.end, weight, source: ATTENTION_SOURCE }));
}

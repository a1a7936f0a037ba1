/** Notes in chunks, each a sequence of tags, and batches of them. Chunks are cut as everywhere, but every note is read to its end. */
import { createRng } from '../../src/core/rng.js';
import { bucketOf, chooseBuckets, CHUNK_SPECIALS, chunksOf, type Chunking, type TextTokenizer } from '../../src/dataset/index.js';
import { textTensors, type ChunkedRows, type NamedTensor } from '../../src/encoders/visit-batch.js';
import type { TaggedNote } from './notes.js';

export interface TagSequence {
  note: TaggedNote;
  /** Pieces of the note that the chunk reads, end exclusive. */
  pieces: { start: number; end: number };
  /** Words of the note that are tagged here, end exclusive: those that begin in the chunk, of an overlap the half that is its own. */
  words: { start: number; end: number };
}

/** @returns the sequences of each note in order; their words are those of the note, each once */
export function sequencesOf(note: TaggedNote, { window, overlap, maxTokens }: Chunking): TagSequence[] {
  const chunks = chunksOf(note.pieces.length, { window: Math.min(window, maxTokens), overlap, maxTokens: Infinity });
  const bounds = chunks.map(({ start }, c) => (c === 0 ? 0 : start + Math.floor(overlap / 2)));
  const firstWordFrom = (piece: number): number => {
    const found = note.first.findIndex((first) => first >= piece);
    return found < 0 ? note.first.length : found;
  };
  return chunks
    .map((pieces, c) => ({ note, pieces, words: { start: firstWordFrom(bounds[c]!), end: firstWordFrom(bounds[c + 1] ?? Infinity) } }))
    .filter(({ words }) => words.end > words.start);
}

/** A shape of batches: W tokens, S words. */
export interface SequenceShape {
  chunks: 1;
  width: number;
  words: number;
}

export interface SequencePlan {
  /** As many as a batch holds, undefined at the end where there are fewer. */
  sequences: (TagSequence | undefined)[];
  shape: SequenceShape;
}

const gridOf = ({ pieces }: TagSequence): { chunks: 1; width: number } => ({ chunks: 1, width: pieces.end - pieces.start + CHUNK_SPECIALS });
const wordCount = ({ words }: TagSequence): number => words.end - words.start;

/** Most different shapes: each is a compiled program. */
const SHAPES = 4;

export function chooseSequenceShapes(sequences: readonly TagSequence[], window: number): SequenceShape[] {
  const buckets = chooseBuckets(sequences.map(gridOf), { window, count: SHAPES });
  return buckets.map((bucket) => {
    const members = sequences.filter((sequence) => bucketOf(gridOf(sequence), buckets) === bucket);
    return { chunks: 1, width: bucket.width, words: members.reduce((most, sequence) => Math.max(most, wordCount(sequence)), 1) };
  });
}

export interface SequencePlanOptions {
  /** Chosen for sequences among which those of the plan are. */
  shapes: readonly SequenceShape[];
  batchSize: number;
  /** Differently in each epoch; without it in the given order within a shape. */
  shuffle?: { seed: number; epoch: number };
}

export function planSequences(sequences: readonly TagSequence[], { shapes, batchSize, shuffle }: SequencePlanOptions): SequencePlan[] {
  const rng = shuffle && createRng(shuffle.seed, 'sequences', shuffle.epoch);
  const ordered = rng ? rng.split('order').shuffle(sequences) : sequences;
  const plans = shapes.flatMap((shape) => {
    const members = ordered.filter((sequence) => bucketOf(gridOf(sequence), shapes) === shape);
    return Array.from({ length: Math.ceil(members.length / batchSize) }, (_, b): SequencePlan => ({
      sequences: Array.from({ length: batchSize }, (_, i) => members[b * batchSize + i]),
      shape,
    }));
  });
  return rng ? rng.split('batches').shuffle(plans) : plans;
}

/** [CLS] pieces [SEP] of each sequence; [CLS] [SEP] where there is none, so that no row of attention is empty. */
export function sequenceText({ sequences, shape: { width } }: SequencePlan, { special }: Pick<TextTokenizer, 'special'>): ChunkedRows {
  const ids = new Int32Array(sequences.length * width).fill(special.pad);
  const mask = new Uint8Array(ids.length);
  sequences.forEach((sequence, n) => {
    const content = sequence ? sequence.note.pieces.subarray(sequence.pieces.start, sequence.pieces.end) : [];
    ids.set([special.cls, ...content, special.sep], n * width);
    mask.fill(1, n * width, n * width + content.length + CHUNK_SPECIALS);
  });
  return { chunks: 1, width, ids, mask, present: Uint8Array.from(sequences, (sequence) => Number(sequence !== undefined)) };
}

/**
 * A batch as the model reads it: the text; `words.first` [N, S], where in [N · W] each word's first piece stands; `words.mask` and
 * `words.tags` [N, S].
 * @param text of {@link sequenceText}, through the frozen layers where there are any
 */
export function sequenceBatch({ sequences, shape: { width, words: S } }: SequencePlan, text: ChunkedRows): NamedTensor[] {
  const shape = [sequences.length, S];
  const [first, tags, mask] = [new Int32Array(sequences.length * S), new Int32Array(sequences.length * S), new Float32Array(sequences.length * S)];
  sequences.forEach((sequence, n) => {
    if (!sequence) return;
    const { note, pieces, words } = sequence;
    for (let w = words.start, at = n * S; w < words.end; w++, at++) {
      first[at] = n * width + 1 + note.first[w]! - pieces.start;
      tags[at] = note.tags[w]!;
      mask[at] = 1;
    }
  });
  return [
    ...textTensors(sequences.length, text),
    { name: 'words.first', shape, dtype: 'int32', data: first },
    { name: 'words.mask', shape, dtype: 'float32', data: mask },
    { name: 'words.tags', shape, dtype: 'int32', data: tags },
  ];
}

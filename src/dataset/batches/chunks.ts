/**
 * How a note is cut: every chunk is [CLS] + tokens + [SEP] and at most a window long, so that each is what BERT knows. A note that
 * needs several is cut evenly, which wastes the least padding. Where a note is cut depends on nothing but its length.
 */

/** [CLS] and [SEP]. */
export const CHUNK_SPECIALS = 2;

export interface Chunking {
  /** Longest chunk, [CLS] and [SEP] included. */
  window: number;
  /** Tokens that a chunk shares with the one before. */
  overlap: number;
  /** Most tokens of a note, [CLS] and [SEP] of every chunk included; the rest is not read. */
  maxTokens: number;
}

/** A stretch of a note's tokens, end exclusive. */
export interface Chunk {
  start: number;
  end: number;
}

/** @returns the tokens of the longest note that so many chunks of so many tokens hold */
export const chunkCapacity = ({ chunks, width }: ChunkGrid, { overlap }: Pick<Chunking, 'overlap'>): number => width - CHUNK_SPECIALS + (chunks - 1) * (width - CHUNK_SPECIALS - overlap);

/** @param tokens of the note, without specials @returns its chunks in order; one empty chunk for a note without tokens */
export function chunksOf(tokens: number, { window, overlap, maxTokens }: Chunking): Chunk[] {
  const content = Math.min(window, maxTokens) - CHUNK_SPECIALS;
  const most = Math.max(1, Math.floor(maxTokens / window));
  const readable = Math.min(tokens, content + (most - 1) * (content - overlap));
  if (readable <= content) return [{ start: 0, end: readable }];
  const count = 1 + Math.ceil((readable - content) / (content - overlap));
  const length = Math.ceil((readable + (count - 1) * overlap) / count);
  return Array.from({ length: count }, (_, i) => {
    const start = i * (length - overlap);
    return { start, end: Math.min(start + length, readable) };
  });
}

/** What a batch must offer a note: number of chunks, and the longest one's length with specials. */
export interface ChunkGrid {
  chunks: number;
  width: number;
}

export function gridOf(tokens: number, chunking: Chunking): ChunkGrid {
  const chunks = chunksOf(tokens, chunking);
  return { chunks: chunks.length, width: chunks[0]!.end - chunks[0]!.start + CHUNK_SPECIALS };
}

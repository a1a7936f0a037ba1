/** The best sequence of tags that is one at all (Viterbi 1967): tags that may not follow each other never do. */
import { mayFollow } from './tags.js';

export interface DecodingInput {
  /** Scores of the tags of each word, row-major [S, K]. */
  emissions: Float32Array;
  /** Scores of a tag (column) after another (row) [K, K]; without it, all alike. */
  transitions?: Float32Array;
  /** K. */
  tags: number;
}

/** @returns a tag a word */
export function viterbi({ emissions, transitions, tags }: DecodingInput): Uint8Array {
  const words = emissions.length / tags;
  const from = new Uint8Array(emissions.length);
  let best = new Float64Array(tags).map((_, tag) => (mayFollow(-1, tag) ? 0 : -Infinity));
  for (let w = 0; w < words; w++) {
    const next = new Float64Array(tags).fill(-Infinity);
    for (let tag = 0; tag < tags; tag++) {
      for (let previous = 0; previous < tags; previous++) {
        if (w === 0 ? previous !== tag : !mayFollow(previous, tag)) continue;
        const score = best[previous]! + (w === 0 ? 0 : (transitions?.[previous * tags + tag] ?? 0));
        if (score > next[tag]!) [next[tag], from[w * tags + tag]] = [score, previous];
      }
      next[tag]! += emissions[w * tags + tag]!;
    }
    best = next;
  }
  return trace(from, best, tags);
}

function trace(from: Uint8Array, best: Float64Array, tags: number): Uint8Array {
  const path = new Uint8Array(from.length / tags);
  let tag = best.reduce((top, score, i) => (score > best[top]! ? i : top), 0);
  for (let w = path.length - 1; w >= 0; w--) {
    path[w] = tag;
    tag = from[w * tags + tag]!;
  }
  return path;
}

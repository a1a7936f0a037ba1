/** Annotations → mentions that no other overlaps, as one tag a word can say. */
import { overlap, sameMention, type AnnotatedMention, type Mention } from './corpus.js';
import type { NerConfig } from './config.js';

export interface FlattenCounts {
  /** As annotated. */
  annotated: number;
  /** The same place and type again, e.g. with another code. */
  repeated: number;
  /** In several pieces, and left out for that. */
  discontinuous: number;
  /** Left out because a longer mention covers some of the same words. */
  overlapping: number;
}

/** Longest first; of equal length the earlier, then by type. */
const byLength = (a: Mention, b: Mention): number => b.end - b.start - (a.end - a.start) || a.start - b.start || (a.type < b.type ? -1 : 1);

/** @returns the mentions kept, in order of the text */
export function flatten(annotated: readonly AnnotatedMention[], discontinuous: NerConfig['discontinuous']): { mentions: Mention[]; counts: FlattenCounts } {
  const counts: FlattenCounts = { annotated: annotated.length, repeated: 0, discontinuous: 0, overlapping: 0 };
  const kept: Mention[] = [];
  for (const mention of [...annotated].sort(byLength)) {
    if (mention.discontinuous && discontinuous === 'leave-out') counts.discontinuous++;
    else if (kept.some((other) => sameMention(other, mention))) counts.repeated++;
    else if (kept.some((other) => overlap(other, mention))) counts.overlapping++;
    else kept.push({ start: mention.start, end: mention.end, type: mention.type });
  }
  return { mentions: kept.sort((a, b) => a.start - b.start), counts };
}

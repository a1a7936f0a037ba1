/** Sentences of a note: cut at line breaks and after a full stop before a capital letter. */
import type { Mention } from './mention.js';

const BREAK = /\n+|(?<=[.!?…;])\s+(?=[\p{Lu}\p{N}¿¡"(«-])/gu;

export const sentencesOf = (text: string): string[] => text.split(BREAK).map((sentence) => sentence.trim()).filter(Boolean);

const ends = (note: readonly string[], at: number): boolean => note[at] === '\n' || (/[.!?…]/.test(note[at]!) && /\s/.test(note[at + 1] ?? ' '));

/** The sentence (or sentences) from the mention's first to its last character. @param note code points */
export function sentenceAround(note: readonly string[], fragments: Mention['fragments']): string {
  let start = Math.min(...fragments.map(([first]) => first));
  let end = Math.max(...fragments.map(([, last]) => last));
  while (start > 0 && !ends(note, start - 1)) start--;
  while (end < note.length && !ends(note, end - 1)) end++;
  return note.slice(start, end).join('').trim();
}

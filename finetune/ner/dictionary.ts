/** The floor for a tagger: words that were a mention in training are one wherever they stand (longest match from the left). */
import type { Mention } from './corpus.js';
import type { TaggedNote } from './notes.js';

export type NotePredictor = (note: TaggedNote) => Mention[];

/** The words of a note as the tokenizer spells them, so that no raw text is needed. */
function wordKeys({ pieces, words, first }: TaggedNote): string[] {
  return words.map((_, w) => pieces.subarray(first[w], first[w + 1] ?? pieces.length).join(' '));
}

/** @returns the type that most mentions of the same words have in `training` */
export function dictionaryOf(training: readonly TaggedNote[]): NotePredictor {
  const counts = new Map<string, Map<string, number>>();
  let longest = 0;
  for (const note of training) {
    const keys = wordKeys(note);
    for (const { start, end, type } of note.mentions) {
      const covered = keys.filter((_, w) => note.words[w]!.start < end && start < note.words[w]!.end);
      const types = counts.get(covered.join('|')) ?? new Map<string, number>();
      counts.set(covered.join('|'), types.set(type, (types.get(type) ?? 0) + 1));
      longest = Math.max(longest, covered.length);
    }
  }
  const types = new Map([...counts].map(([words, byType]) => [words, [...byType].sort((a, b) => b[1] - a[1])[0]![0]]));
  return (note) => longestMatches(note, types, longest);
}

function longestMatches(note: TaggedNote, types: ReadonlyMap<string, string>, longest: number): Mention[] {
  const keys = wordKeys(note);
  const mentions: Mention[] = [];
  for (let w = 0; w < keys.length; ) {
    let length = Math.min(longest, keys.length - w);
    while (length > 0 && !types.has(keys.slice(w, w + length).join('|'))) length--;
    if (length > 0) mentions.push({ start: note.words[w]!.start, end: note.words[w + length - 1]!.end, type: types.get(keys.slice(w, w + length).join('|'))! });
    w += Math.max(1, length);
  }
  return mentions;
}

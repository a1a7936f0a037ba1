/** Mentions found by a dictionary: stretches of a note that are written like a training mention, longest match from the left. */
import type { CodeKind } from '../dataset/index.js';
import type { Dictionary } from './dictionary.js';
import type { Mention } from './mention.js';
import { mentionAt, type Notes } from './store-mentions.js';
import { foldedWords, type Word } from './words.js';

/** In order of note and place; mentions of one dictionary do not overlap. */
export function scanNotes(notes: Notes, dictionary: Dictionary, kind: CodeKind): Mention[] {
  return [...notes].flatMap(([noteId, text]) => {
    const note = Array.from(text);
    return longestMatches(foldedWords(text), dictionary).map((fragment) => mentionAt(noteId, [fragment], { note, kind }));
  });
}

function longestMatches(words: readonly Word[], { surfaces, longest }: Dictionary): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < words.length; ) {
    let length = Math.min(longest, words.length - at);
    while (length > 0 && !surfaces.has(words.slice(at, at + length).map(({ key }) => key).join(' '))) length--;
    if (length > 0) found.push([words[at]!.start, words[at + length - 1]!.end]);
    at += Math.max(1, length);
  }
  return found;
}

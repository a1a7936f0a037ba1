/** IOB2 tags: 0 is O, then B and I of each type. A mention is B, then I of its type. */
import { overlap, type Mention, type Span } from './corpus.js';

export const OUTSIDE = 0;

export const tagCount = (types: readonly string[]): number => 1 + 2 * types.length;

export const beginTag = (type: number): number => 1 + 2 * type;
const insideTag = (type: number): number => 2 + 2 * type;
const isInside = (tag: number): boolean => tag > 0 && tag % 2 === 0;
const typeOfTag = (tag: number): number => (tag - 1) >> 1;

/** Whether `next` may follow `previous`: the inside of a mention only its beginning or its inside. @param previous −1 at the start of a note */
export const mayFollow = (previous: number, next: number): boolean => !isInside(next) || (previous > 0 && typeOfTag(previous) === typeOfTag(next));

/** @param mentions of which none overlap @returns the tag of each word; a word that a mention covers in part belongs to it */
export function tagsOf(words: readonly Span[], mentions: readonly Mention[], types: readonly string[]): Uint8Array {
  const tags = new Uint8Array(words.length);
  for (const mention of mentions) {
    const type = types.indexOf(mention.type);
    let begun = false;
    words.forEach((word, w) => {
      if (!overlap(word, mention) || (!begun && tags[w] !== OUTSIDE)) return;
      tags[w] = begun ? insideTag(type) : beginTag(type);
      begun = true;
    });
  }
  return tags;
}

/** The mentions that tags spell, read strictly: an inside tag that follows neither beginning nor inside of its type is nothing. */
export function mentionsOf(words: readonly Span[], tags: ArrayLike<number>, types: readonly string[]): Mention[] {
  const mentions: Mention[] = [];
  let open = false;
  words.forEach((word, w) => {
    const tag = tags[w]!;
    if (tag !== OUTSIDE && !isInside(tag)) mentions.push({ ...word, type: types[typeOfTag(tag)]! });
    else if (open && tag !== OUTSIDE && mayFollow(tags[w - 1]!, tag)) mentions.at(-1)!.end = word.end;
    open = tag !== OUTSIDE && (!isInside(tag) || (open && mayFollow(tags[w - 1]!, tag)));
  });
  return mentions;
}

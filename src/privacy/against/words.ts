/** Words of a text and runs of them, as both sides of the comparison with a store cut them. */

const word = /[\p{L}\p{M}\p{N}]+/gu;

export interface FoundWord {
  /** Lower case. */
  text: string;
  /** Begins with a capital and goes on in small letters. */
  capitalised: boolean;
  /** First of a line or sentence, or after a colon, where a capital says nothing. */
  opening: boolean;
}

export function* wordsOf(text: string): Generator<FoundWord> {
  let end = 0;
  for (const { 0: found, index } of text.matchAll(word)) {
    const between = text.slice(end, index);
    yield { text: found.toLowerCase(), capitalised: /^\p{Lu}\p{Ll}/u.test(found), opening: end === 0 || /[.:;!?\n•*-]/.test(between) };
    end = index + found.length;
  }
}

const PRIME = 0x01000193;

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** @returns a function from the next word to the hash (53 bits) of the last `length` words; undefined until there are so many */
export function createRuns(length: number): (text: string) => number | undefined {
  const last = new Uint32Array(length);
  let count = 0;
  return (text) => {
    last[count++ % length] = hashOf(text);
    if (count < length) return undefined;
    let [high, low] = [0x811c9dc5, 0x9e3779b9];
    for (let i = 0; i < length; i++) {
      const one = last[(count + i) % length]!;
      high = Math.imul(high ^ one, PRIME) + i;
      low = Math.imul(low ^ (one >>> 7) ^ (one << 9), 0x85ebca6b) + i;
    }
    return (high >>> 11) * 2 ** 32 + (low >>> 0);
  };
}

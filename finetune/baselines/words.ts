/** Words of texts as numbers: what TF-IDF counts. */
import { sharedInt32 } from './shared.js';

export interface WordOptions {
  /** Letters lose their accents, as scikit-learn's `strip_accents='unicode'`. */
  stripAccents?: boolean;
}

/** Texts as numbers of words; everything numeric lies in shared memory, since other threads go on with it. */
export interface EncodedTexts {
  /** The different words, in order of appearance. */
  words: string[];
  /** [texts + 1]: where each text starts in `ids`. */
  offsets: Int32Array;
  /** Index into `words` of every word of every text. */
  ids: Int32Array;
  /** [words]: how often it occurs, and in how many texts. */
  totals: Int32Array;
  documents: Int32Array;
}

/** Two characters or more: scikit-learn's `\b\w\w+\b`. */
const WORD = /[\p{L}\p{N}_]{2,}/gu;
const MARKS = /\p{M}+/gu;
const ASCII = /^[\0-\x7f]*$/;

/** Lower-case words, in order. */
export function words(text: string, { stripAccents = false }: WordOptions = {}): string[] {
  const lower = text.toLowerCase();
  return (stripAccents && !ASCII.test(lower) ? lower.normalize('NFKD').replace(MARKS, '') : lower).match(WORD) ?? [];
}

export function encodeTexts({ texts, options }: { texts: readonly string[]; options: WordOptions }): EncodedTexts {
  const known = new Map<string, number>();
  const ids: number[] = [];
  const offsets = sharedInt32(texts.length + 1);
  texts.forEach((text, i) => {
    for (const word of words(text, options)) {
      let id = known.get(word);
      if (id === undefined) known.set(word, (id = known.size));
      ids.push(id);
    }
    offsets[i + 1] = ids.length;
  });
  const shared = sharedInt32(ids.length);
  shared.set(ids);
  return { words: [...known.keys()], offsets, ids: shared, ...countWords(shared, offsets, known.size) };
}

function countWords(ids: Int32Array, offsets: Int32Array, different: number): Pick<EncodedTexts, 'totals' | 'documents'> {
  const [totals, documents, last] = [sharedInt32(different), sharedInt32(different), new Int32Array(different)];
  for (let text = 0, i = 0; text + 1 < offsets.length; text++) {
    for (; i < offsets[text + 1]!; i++) {
      const id = ids[i]!;
      totals[id]!++;
      if (last[id] === text + 1) continue;
      last[id] = text + 1;
      documents[id]!++;
    }
  }
  return { totals, documents };
}

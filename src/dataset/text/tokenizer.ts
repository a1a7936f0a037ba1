/** What the rest of the code knows of a tokenizer, whichever kind it is. */
import { sha256 } from '../../core/artifact.js';

export interface SpecialIds {
  pad: number;
  unk: number;
  /** Before the text: [CLS] of BERT, `<s>` of RoBERTa. */
  cls: number;
  /** After it: [SEP], `</s>`. */
  sep: number;
  mask: number;
}

export interface TextTokenizer {
  /** Piece → id, added tokens among them. */
  vocabulary: ReadonlyMap<string, number>;
  /** One more than the largest id: the rows an embedding table needs. */
  size: number;
  special: SpecialIds;
  /**
   * Ids of texts, those of the `tokenizers` library exactly: special tokens spelt out in a text are special, none are put around it.
   * Asynchronous, since all but BERT's own kind is the library's work, on its own threads.
   * @returns for each text its first `maxTokens` ids
   */
  encode(texts: readonly string[], maxTokens: number): Promise<Int32Array[]>;
  /** Words separated by spaces, unknown ones left out; near the text that was encoded, not equal to it. */
  decode(ids: Iterable<number>): string;
}

/** Identifies what a checkpoint's embedding rows mean: pieces and their ids, and which ids are special; not how text is cut into them. */
export function vocabularyHash({ vocabulary, special }: Pick<TextTokenizer, 'vocabulary' | 'special'>): string {
  const pieces = [...vocabulary].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const { pad, unk, cls, sep, mask } = special;
  return sha256(JSON.stringify([pieces, [pad, unk, cls, sep, mask]]));
}

/** Whether weights trained with one tokenizer can be used on ids of the other. */
export const sameTokenizer = (a: TextTokenizer, b: TextTokenizer): boolean => vocabularyHash(a) === vocabularyHash(b);

/** Every kind of tokenizer, by Hugging Face's own library: slower than our WordPiece, but the reference itself. */
import type tokenizers from 'tokenizers';
import type { Tokenizer } from 'tokenizers';
import { dataError } from '../../core/errors.js';
import type { TokenizerFile } from './tokenizer-file.js';

/** Characters of texts encoded together: the library spreads a batch over the cores, and keeps some hundred bytes a token until it is read. */
const BATCH_CHARACTERS = 400_000;

/** Cuts a list of texts into batches, of one text at least. */
export function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let characters = Infinity;
  for (const text of texts) {
    if (characters >= BATCH_CHARACTERS) {
      batches.push([]);
      characters = 0;
    }
    batches.at(-1)!.push(text);
    characters += text.length;
  }
  return batches;
}

function parse(library: typeof tokenizers, json: string, where: string): Tokenizer {
  try {
    return library.Tokenizer.fromString(json);
  } catch (cause) {
    throw dataError(`${where}: the tokenizers library cannot read it (${(cause as Error).message}); write it anew with AutoTokenizer(…).save_pretrained of a current transformers`, cause);
  }
}

/** @param json the content of a tokenizer.json @param added its added tokens @param where its name, for errors */
export async function loadLibraryTokenizer(json: string, added: TokenizerFile['added_tokens'], where: string): Promise<Tokenizer> {
  const { default: library } = await import('tokenizers');
  const tokenizer = parse(library, json, where);
  tokenizer.disablePadding();
  tokenizer.disableTruncation();
  // The library numbers added tokens on from the vocabulary, whatever the file says.
  const moved = added.find(({ content, id }) => tokenizer.tokenToId(content) !== id);
  if (moved) throw dataError(`${where}: added token ${moved.content} has id ${moved.id}, the tokenizers library gives it ${tokenizer.tokenToId(moved.content)}; the ids of added tokens must follow the vocabulary's without holes`);
  return tokenizer;
}

/** Loads the library with the first text. @param json the content of a tokenizer.json @param file the same, parsed @param where its name, for errors */
export function createLibraryEncoder(json: string, { added_tokens }: TokenizerFile, where: string): (texts: readonly string[], maxTokens: number) => Promise<Int32Array[]> {
  let loading: Promise<Tokenizer> | undefined;
  return async (texts, maxTokens) => {
    const tokenizer = await (loading ??= loadLibraryTokenizer(json, added_tokens, where));
    const ids: Int32Array[] = [];
    for (const batch of batchesOf(texts)) {
      const encodings = await tokenizer.encodeBatch(batch, { addSpecialTokens: false });
      for (const encoding of encodings) ids.push(Int32Array.from(encoding.getIds().slice(0, maxTokens)));
    }
    return ids;
  };
}

/** WordPiece encoding: greedy longest match in each word, with a cache of words; the same ids as the `tokenizers` library, several times faster. */
import type { TokenizerFile } from './tokenizer-file.js';
import { createWordSplitter, type WordOptions } from './words.js';

export interface WordPieces extends WordOptions {
  /** Piece → id. */
  vocabulary: ReadonlyMap<string, number>;
  unk: number;
  /** What pieces inside a word begin with: `##`. */
  prefix: string;
  /** Characters; a longer word is unknown. */
  longest_word: number;
}

/** Words of a large hospital's notes; past that, rare ones are encoded anew each time. */
const CACHED_WORDS = 500_000;

interface BertNormalizer {
  lowercase: boolean;
  strip_accents?: boolean | null;
}

/** What this file can encode: BERT's normalizer as every checkpoint has it, and its words. Anything else is the library's work. */
function isPlainBert({ normalizer, pre_tokenizer, model, added_tokens }: TokenizerFile): boolean {
  const wordPieces = (model.type ?? 'WordPiece') === 'WordPiece' && !Array.isArray(model.vocab) && model['merges'] === undefined;
  const cleans = normalizer?.type === 'BertNormalizer' && normalizer['clean_text'] !== false && normalizer['handle_chinese_chars'] !== false && typeof normalizer['lowercase'] === 'boolean';
  return wordPieces && cleans && pre_tokenizer?.type === 'BertPreTokenizer' && added_tokens.every(({ normalized }) => !normalized);
}

/** @returns nothing for any other kind of tokenizer */
export function wordPiecesOf(file: TokenizerFile): WordPieces | undefined {
  const { model } = file;
  if (!isPlainBert(file)) return undefined;
  const vocabulary = new Map(Object.entries(model.vocab as Record<string, number>));
  const unk = vocabulary.get(model.unk_token ?? '[UNK]');
  const { lowercase, strip_accents } = file.normalizer as unknown as BertNormalizer;
  if (unk === undefined) return undefined;
  // As in BERT, accents go with case when the file does not say.
  return { vocabulary, unk, prefix: model.continuing_subword_prefix ?? '##', longest_word: model.max_input_chars_per_word ?? 100, lowercase, strip_accents: strip_accents ?? lowercase };
}

/** The pieces of one word, or [UNK] when some part of it is in no piece. */
export function encodeWord(word: string, { vocabulary, unk, prefix, longest_word }: Omit<WordPieces, keyof WordOptions>): number[] {
  const characters = [...word];
  if (characters.length > longest_word) return [unk];
  const pieces: number[] = [];
  for (let start = 0; start < characters.length; ) {
    let end = characters.length;
    let id: number | undefined;
    for (; end > start; end--) {
      const piece = characters.slice(start, end).join('');
      id = vocabulary.get(start ? prefix + piece : piece);
      if (id !== undefined) break;
    }
    if (id === undefined) return [unk];
    pieces.push(id);
    start = end;
  }
  return pieces;
}

/** @returns text → ids without [CLS] and [SEP], at most `maxTokens` of them */
export function createWordPieceEncoder(pieces: WordPieces): (text: string, maxTokens: number) => Int32Array {
  const split = createWordSplitter(pieces);
  const cache = new Map<string, number[]>();
  const piecesOf = (word: string): number[] => {
    let ids = cache.get(word);
    if (!ids) {
      ids = encodeWord(word, pieces);
      if (cache.size < CACHED_WORDS) cache.set(word, ids);
    }
    return ids;
  };
  let ids = new Int32Array(8192);
  return (text, maxTokens) => {
    if (ids.length < maxTokens) ids = new Int32Array(maxTokens);
    let count = 0;
    split(text, (word) => {
      for (const piece of piecesOf(word)) if (count < maxTokens) ids[count++] = piece;
    });
    return ids.slice(0, count);
  };
}

/** Writes `tokenizer.json` for WordPiece as BERT uses it and for RoBERTa's byte-level pairs; Python's transformers loads it too. */
import { bertTemplate, type SpecialRole } from './special-ids.js';
import type { WordOptions } from './words.js';

/** In the order of their ids in vocabularies learnt here; checkpoints of others have them elsewhere. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** What a checkpoint calls its special tokens. */
export type SpecialNames = Record<SpecialRole, string>;

export const bertNames: SpecialNames = { pad: '[PAD]', unk: '[UNK]', cls: '[CLS]', sep: '[SEP]', mask: '[MASK]' };
export const robertaNames: SpecialNames = { pad: '<pad>', unk: '<unk>', cls: '<s>', sep: '</s>', mask: '<mask>' };

type Ids = Readonly<Record<string, number>>;

export interface BertRules extends Omit<WordOptions, 'strip_accents'> {
  /** null: as `lowercase`. */
  strip_accents: boolean | null;
  handle_chinese_chars?: boolean;
}

export interface TokenNames {
  names: SpecialNames;
  /** Token → id, tokens outside the vocabulary. */
  added?: Readonly<Record<string, number>>;
}

/** Tokens as they are found in a text. */
function addedTokens(vocab: Ids, { names, added = {} }: TokenNames): object[] {
  const ids: Ids = { ...vocab, ...added };
  const special = new Set(Object.values(names));
  return [...new Set([...special, ...Object.keys(added)])]
    .sort((a, b) => ids[a]! - ids[b]!)
    .map((content) => ({ id: ids[content], content, single_word: false, lstrip: false, rstrip: false, normalized: !special.has(content), special: special.has(content) }));
}

/** @param vocab word piece → id */
export function bertTokenizerJson(vocab: Ids, rules: BertRules, tokens: TokenNames = { names: bertNames }): string {
  const { lowercase, strip_accents, handle_chinese_chars = true } = rules;
  const { unk, cls, sep } = tokens.names;
  const token = (id: string) => ({ id, ids: [vocab[id] ?? tokens.added?.[id]], tokens: [id] });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocab, tokens),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars, strip_accents, lowercase },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: bertTemplate({ [cls]: token(cls), [sep]: token(sep) }, cls, sep),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: unk, continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  });
}

/** @param pieces word pieces in the order of their ids */
export const tokenizerJson = (pieces: readonly string[], rules: BertRules): string =>
  bertTokenizerJson(Object.fromEntries(pieces.map((piece, id) => [piece, id])), { lowercase: rules.lowercase, strip_accents: rules.strip_accents });

export interface RobertaVocabulary {
  vocab: Ids;
  /** Pairs of pieces, the first merged first. */
  merges: readonly (readonly [string, string])[];
  /** Whether a text begins as if a space came before it. */
  add_prefix_space: boolean;
}

export function robertaTokenizerJson({ vocab, merges, add_prefix_space }: RobertaVocabulary, tokens: TokenNames = { names: robertaNames }): string {
  const { cls, sep } = tokens.names;
  const idOf = (token: string): number | undefined => vocab[token] ?? tokens.added?.[token];
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocab, tokens),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex: true },
    post_processor: { type: 'RobertaProcessing', sep: [sep, idOf(sep)], cls: [cls, idOf(cls)], trim_offsets: true, add_prefix_space },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges },
  });
}

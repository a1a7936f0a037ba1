/** Reads and writes `tokenizer.json`, the Hugging Face tokenizers format, for WordPiece as BERT uses it. */
import fs from 'node:fs';
import { z } from 'zod';
import { dataError } from '../../core/errors.js';
import type { WordOptions } from './words.js';

/** In the order of their ids in vocabularies learnt here; checkpoints of others have them elsewhere. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

export interface SpecialIds {
  pad: number;
  unk: number;
  cls: number;
  sep: number;
  mask: number;
}

export interface WordPieceTokenizer extends WordOptions {
  /** Word piece → id; pieces inside a word begin with `##`. */
  vocabulary: Map<string, number>;
  /** One more than the largest id: the rows an embedding table needs. */
  size: number;
  special: SpecialIds;
}

const fileSchema = z.object({
  normalizer: z.object({ type: z.literal('BertNormalizer'), lowercase: z.boolean(), strip_accents: z.boolean().nullish() }),
  pre_tokenizer: z.object({ type: z.literal('BertPreTokenizer') }),
  model: z.object({ type: z.literal('WordPiece').default('WordPiece'), vocab: z.record(z.string(), z.int().nonnegative()) }),
});

function specialIds(vocabulary: Map<string, number>, file: string): SpecialIds {
  const id = (token: string): number => {
    const found = vocabulary.get(token);
    if (found === undefined) throw dataError(`${file}: the vocabulary lacks ${token}; medweave needs ${specialTokens.join(', ')}`);
    return found;
  };
  return { pad: id('[PAD]'), unk: id('[UNK]'), cls: id('[CLS]'), sep: id('[SEP]'), mask: id('[MASK]') };
}

/** @param file a `tokenizer.json` with a WordPiece model and BERT's normalizer and pre-tokenizer; anything else is an error */
export function readTokenizer(file: string): WordPieceTokenizer {
  let json: unknown;
  try {
    json = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw dataError(`${file}: cannot be read as a tokenizer.json; give the file of a BERT model in Hugging Face format`, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw dataError(`${file}: not a BERT WordPiece tokenizer: ${issue.message} at ${issue.path.join('.')}; only BERT's are supported`);
  }
  const { normalizer, model } = parsed.data;
  const vocabulary = new Map(Object.entries(model.vocab));
  let size = 0;
  for (const id of vocabulary.values()) size = Math.max(size, id + 1);
  // As in BERT, accents go with case when the file does not say.
  return { vocabulary, size, special: specialIds(vocabulary, file), lowercase: normalizer.lowercase, strip_accents: normalizer.strip_accents ?? normalizer.lowercase };
}

/** The content of a `tokenizer.json` that Python's transformers loads too. @param pieces word pieces in the order of their ids */
export function tokenizerJson(pieces: readonly string[], { lowercase, strip_accents }: WordOptions): string {
  const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
  const token = (id: string) => ({ id, ids: [vocab[id]], tokens: [id] });
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const special = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content) => ({ id: vocab[content], content, ...flags })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents, lowercase },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
      pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
      special_tokens: { '[CLS]': token('[CLS]'), '[SEP]': token('[SEP]') },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
  });
}

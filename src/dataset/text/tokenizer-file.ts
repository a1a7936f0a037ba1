/** The parts of `tokenizer.json`, the Hugging Face tokenizers format, that are read here; the `tokenizers` library reads the rest. */
import { z } from 'zod';
import { dataError } from '../../core/errors.js';

const idSchema = z.int().nonnegative();
const ofType = z.looseObject({ type: z.string() });

const addedTokenSchema = z.looseObject({ id: idSchema, content: z.string(), normalized: z.boolean().default(false) });

const modelSchema = z.looseObject({
  /** Absent in files of old versions, which the library tells apart by their fields. */
  type: z.string().optional(),
  /** Piece → id; Unigram: pieces with their scores, in the order of their ids. */
  vocab: z.union([z.record(z.string(), idSchema), z.array(z.tuple([z.string(), z.number()]))]),
  unk_token: z.string().nullish(),
  unk_id: idSchema.nullish(),
  continuing_subword_prefix: z.string().nullish(),
  end_of_word_suffix: z.string().nullish(),
  max_input_chars_per_word: z.int().positive().optional(),
});

const fileSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: ofType.nullish(),
  pre_tokenizer: ofType.nullish(),
  post_processor: ofType.nullish(),
  decoder: ofType.nullish(),
  truncation: z.unknown().optional(),
  padding: z.looseObject({ pad_token: z.string() }).nullish(),
  model: modelSchema,
});

export type TokenizerFile = z.output<typeof fileSchema>;

/** @param where the file's name, for errors */
export function parseTokenizerFile(text: string, where: string): TokenizerFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw dataError(`${where}: cannot be read as a tokenizer.json; give the file that Hugging Face tokenizers writes`, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw dataError(`${where}: not a tokenizer.json of Hugging Face tokenizers: ${issue.message} at ${issue.path.join('.') || 'the top level'}`);
}

/** Piece → id, added tokens among them. */
export function vocabularyOf({ model, added_tokens }: TokenizerFile): Map<string, number> {
  const pieces = Array.isArray(model.vocab) ? model.vocab.map(([piece], id) => [piece, id] as const) : Object.entries(model.vocab);
  return new Map([...pieces, ...added_tokens.map(({ content, id }) => [content, id] as const)]);
}

/** Which tokens of a `tokenizer.json` stand for padding, the unknown and so on, which the file itself does not say. */
import fs from 'node:fs';
import { z } from 'zod';
import { checkpointError } from '../core/errors.js';

export interface SpecialToken {
  content: string;
  id: number;
}

/** By Python's names of the roles. */
export type SpecialTokens = Record<Role, SpecialToken>;

type Role = 'pad_token' | 'unk_token' | 'cls_token' | 'sep_token' | 'mask_token';

/** BERT's and RoBERTa's customs; tokenizers of both families keep to one of them. */
const CUSTOMS: readonly Record<Role, string>[] = [
  { pad_token: '[PAD]', unk_token: '[UNK]', cls_token: '[CLS]', sep_token: '[SEP]', mask_token: '[MASK]' },
  { pad_token: '<pad>', unk_token: '<unk>', cls_token: '<s>', sep_token: '</s>', mask_token: '<mask>' },
];

const fileSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
  model: z.object({
    /** WordPiece and BPE: token → id; Unigram: [token, score] in the order of ids. */
    vocab: z.union([z.record(z.string(), z.int().nonnegative()), z.array(z.tuple([z.string(), z.number()]))]).optional(),
  }),
});

/** @throws checkpoint error when the file cannot be read or follows neither BERT's custom ([CLS]) nor RoBERTa's (<s>) */
export function readSpecialTokens(file: string): SpecialTokens {
  const ids = readIds(file);
  const custom = CUSTOMS.find((roles) => Object.values(roles).every((content) => ids.has(content)));
  if (!custom) throw checkpointError(`${file}: has neither the special tokens ${CUSTOMS.map((roles) => Object.values(roles).join(' ')).join(' nor ')}`);
  return Object.fromEntries(Object.entries(custom).map(([role, content]) => [role, { content, id: ids.get(content)! }])) as SpecialTokens;
}

function readIds(file: string): Map<string, number> {
  let json: unknown;
  try {
    json = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw checkpointError(`${file}: cannot be read as a tokenizer.json`, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw checkpointError(`${file}: not a tokenizer.json: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`);
  const { added_tokens, model } = parsed.data;
  const vocabulary = Array.isArray(model.vocab) ? model.vocab.map(([token], id) => [token, id] as const) : Object.entries(model.vocab ?? {});
  return new Map([...vocabulary, ...added_tokens.map(({ content, id }) => [content, id] as const)]);
}

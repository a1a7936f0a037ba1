/** What the files beside a checkpoint's vocabulary say about its tokenizer: `tokenizer_config.json`, `special_tokens_map.json`, `config.json`. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { dataError } from '../../core/errors.js';
import { specialRoles } from './special-ids.js';
import type { SpecialIds } from './tokenizer.js';
import type { SpecialNames } from './write.js';

const name = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]).nullish();
const namesSchema = z.looseObject({ pad_token: name, unk_token: name, cls_token: name, sep_token: name, mask_token: name, bos_token: name, eos_token: name });
const tokenizerConfigSchema = namesSchema.extend({
  tokenizer_class: z.string().nullish(),
  do_lower_case: z.boolean().optional(),
  strip_accents: z.boolean().nullish(),
  tokenize_chinese_chars: z.boolean().optional(),
  add_prefix_space: z.boolean().optional(),
});
const id = z.int().nonnegative().nullish().catch(null);
const configSchema = z.looseObject({ pad_token_id: id, bos_token_id: id, eos_token_id: id });

export const declaringFiles = ['tokenizer_config.json', 'special_tokens_map.json', 'config.json'] as const;

export interface Declared {
  /** The fields of Python's tokenizer class that were written down; absent ones are its defaults. */
  rules: Pick<z.output<typeof tokenizerConfigSchema>, 'tokenizer_class' | 'do_lower_case' | 'strip_accents' | 'tokenize_chinese_chars' | 'add_prefix_space'>;
  names: Partial<SpecialNames>;
  /** The model's own, for want of names. */
  ids: Partial<SpecialIds>;
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let json: unknown = {};
  try {
    if (fs.existsSync(file)) json = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    throw dataError(`${file}: not valid JSON; get the checkpoint's file again`, cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw dataError(`${file}: ${issue.message} at ${issue.path.join('.')}; get the checkpoint's file again`);
}

const namesIn = (tokens: z.output<typeof namesSchema>): Partial<SpecialNames> => ({
  pad: tokens.pad_token ?? undefined,
  unk: tokens.unk_token ?? undefined,
  cls: tokens.cls_token ?? tokens.bos_token ?? undefined,
  sep: tokens.sep_token ?? tokens.eos_token ?? undefined,
  mask: tokens.mask_token ?? undefined,
});

/** @param dir a checkpoint's folder; each of the files may be missing */
export function readDeclared(dir: string): Declared {
  const [tokenizerConfig, tokensMap, config] = declaringFiles.map((file) => path.join(dir, file)) as [string, string, string];
  const rules = readJson(tokenizerConfig, tokenizerConfigSchema);
  const [first, second] = [namesIn(rules), namesIn(readJson(tokensMap, namesSchema))];
  const { pad_token_id, bos_token_id, eos_token_id } = readJson(config, configSchema);
  return {
    rules,
    names: Object.fromEntries(specialRoles.map((role) => [role, first[role] ?? second[role]])),
    ids: { pad: pad_token_id ?? undefined, cls: bos_token_id ?? undefined, sep: eos_token_id ?? undefined },
  };
}

/** Which files make up a checkpoint, and in which folder of a checkpoint they are. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkpointError } from '../core/errors.js';
import { readJsonFile } from './json-file.js';
import { readShardIndex, WEIGHTS, WEIGHTS_INDEX } from './weight-files.js';

export const CONFIG = 'config.json';

/** List of a sentence-transformers model's parts. */
export const MODULES = 'modules.json';

/** Each of these sets is enough to make a tokenizer of, the first the best. */
const TOKENIZERS: readonly (readonly string[])[] = [['tokenizer.json'], ['vocab.txt'], ['vocab.json', 'merges.txt']];

/** The sets to look for on the hub; of the last, Python can make the first. */
export const TOKENIZER_FORMS: readonly (readonly string[])[] = [...TOKENIZERS, ['sentencepiece.bpe.model']];

/** What says more about a tokenizer of any form; not every checkpoint has them. */
export const TOKENIZER_COMPANIONS: readonly string[] = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'];

const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }));

/**
 * Where the transformer is in a sentence-transformers folder: `''` for the folder itself, as with any other checkpoint, or a folder in it
 * (`0_Transformer` in old ones).
 */
export function transformerFolder(dir: string): string {
  const file = path.join(dir, MODULES);
  if (!fs.existsSync(file)) return '';
  const modules = modulesSchema.safeParse(readJsonFile(file));
  const transformer = modules.data?.find(({ type }) => /(^|\.)Transformer$/.test(type));
  if (!transformer) throw checkpointError(`${file}: names no module of type sentence_transformers.models.Transformer`);
  if (path.isAbsolute(transformer.path) || transformer.path.split(/[/\\]/).includes('..')) throw checkpointError(`${file}: the transformer's path leads out of the folder`);
  return transformer.path;
}

/** The weight files that a folder lacks; none when it is complete. */
export function missingWeights(dir: string): string[] {
  const has = (name: string): boolean => fs.existsSync(path.join(dir, name));
  if (has(WEIGHTS)) return [];
  if (!has(WEIGHTS_INDEX)) return [WEIGHTS];
  return shardsOf(dir).filter((name) => !has(name));
}

/** Names of the shards that a folder's index lists. */
export const shardsOf = (dir: string): string[] => [...new Set(Object.values(readShardIndex(path.join(dir, WEIGHTS_INDEX))))];

/** What a folder lacks to be used as a text encoder, in words for a message; none when it is complete. */
export function missingFiles(dir: string): string[] {
  const has = (name: string): boolean => fs.existsSync(path.join(dir, name));
  const tokenizer = TOKENIZERS.some((files) => files.every(has)) ? [] : ['tokenizer.json (or vocab.txt)'];
  return [...(has(CONFIG) ? [] : [CONFIG]), ...missingWeights(dir), ...tokenizer];
}

/** Vocabularies of checkpoints without a `tokenizer.json`, made into one, with the defaults of Python's BertTokenizer and RobertaTokenizer. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { dataError } from '../../core/errors.js';
import type { Declared } from './declared.js';
import { bertNames, bertTokenizerJson, robertaNames, robertaTokenizerJson, type SpecialNames } from './write.js';

/** Tokens that were added to a checkpoint after its vocabulary was made: token → id. */
export const ADDED_TOKENS = 'added_tokens.json';

const linesOf = (file: string): string[] => fs.readFileSync(file, 'utf8').replace(/(\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);

function readIds(file: string): Record<string, number> {
  try {
    return z.record(z.string(), z.int().nonnegative()).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (cause) {
    throw dataError(`${file}: not a mapping of pieces to ids; get the checkpoint's file again`, cause);
  }
}

function readAdded(dir: string): Record<string, number> {
  const file = path.join(dir, ADDED_TOKENS);
  return fs.existsSync(file) ? readIds(file) : {};
}

const withNames = (usual: SpecialNames, named: Declared['names']): SpecialNames => ({
  pad: named.pad ?? usual.pad,
  unk: named.unk ?? usual.unk,
  cls: named.cls ?? usual.cls,
  sep: named.sep ?? usual.sep,
  mask: named.mask ?? usual.mask,
});

function expectTokens(vocab: Readonly<Record<string, number>>, names: SpecialNames, file: string): void {
  const added = readAdded(path.dirname(file));
  const missing = Object.values(names).filter((token) => (vocab[token] ?? added[token]) === undefined);
  if (missing.length) throw dataError(`${file}: lacks ${missing.join(', ')}; add the line, or name the tokens that stand for them in tokenizer_config.json beside it`);
}

/** @param file BERT's `vocab.txt`: one word piece a line, in the order of ids */
export function convertBertVocabulary(file: string, { rules, names: named }: Declared): string {
  const vocab: Record<string, number> = Object.fromEntries(linesOf(file).map((piece, id) => [piece, id]));
  const names = withNames(bertNames, named);
  expectTokens(vocab, names, file);
  const { do_lower_case: lowercase = true, strip_accents = null, tokenize_chinese_chars: handle_chinese_chars = true } = rules;
  return bertTokenizerJson(vocab, { lowercase, strip_accents, handle_chinese_chars }, { names, added: readAdded(path.dirname(file)) });
}

/** A pair a line, separated by a space; the first line may be a version. */
function readMerges(file: string, vocab: Readonly<Record<string, number>>): [string, string][] {
  return linesOf(file).flatMap((line, i) => {
    if (!line || (i === 0 && line.startsWith('#version'))) return [];
    const [left = '', right = '', ...more] = line.split(' ');
    if (more.length || vocab[left + right] === undefined) throw dataError(`${file}: line ${i + 1}: not two pieces whose union is in vocab.json; get both files of the checkpoint again`);
    return [[left, right]];
  });
}

/** @param vocabulary RoBERTa's `vocab.json` @param merges its `merges.txt` */
export function convertRobertaVocabulary(vocabulary: string, merges: string, { rules, names: named }: Declared): string {
  const vocab = readIds(vocabulary);
  const names = withNames(robertaNames, named);
  expectTokens(vocab, names, vocabulary);
  return robertaTokenizerJson({ vocab, merges: readMerges(merges, vocab), add_prefix_space: rules.add_prefix_space ?? false }, { names, added: readAdded(path.dirname(vocabulary)) });
}

/** Finds the tokenizer that a configuration names: a file, a checkpoint's folder, or a checkpoint by name. */
import fs from 'node:fs';
import path from 'node:path';
import { dataError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import { locateCheckpoint } from '../../huggingface/locate.js';
import { completeTokenizer, type CompletedTokenizer } from './complete.js';
import { ADDED_TOKENS, convertBertVocabulary, convertRobertaVocabulary } from './convert.js';
import { declaringFiles, readDeclared } from './declared.js';

export interface TokenizerSource extends CompletedTokenizer {
  /** What was read for it; the weights of a checkpoint are not among them. */
  files: string[];
}

const sentencePieceFiles = ['sentencepiece.bpe.model', 'spiece.model', 'sentencepiece.model'] as const;

/** Uncased vocabularies have no capital letters, but for a few that have no small one. */
const looksCased = (json: string): boolean => {
  const { normalizer, model } = JSON.parse(json) as { normalizer: { lowercase: boolean }; model: { vocab: Record<string, number> } };
  const pieces = Object.keys(model.vocab);
  return normalizer.lowercase && pieces.filter((piece) => /^(##)?\p{Lu}/u.test(piece)).length > pieces.length / 50;
};

/** Makes one of the sets of files that a tokenizer may be in. */
type Form = (dir: string) => Omit<TokenizerSource, 'files'>;

const fromTokenizerJson: Form = (dir) => {
  const file = path.join(dir, 'tokenizer.json');
  return completeTokenizer(fs.readFileSync(file, 'utf8'), readDeclared(dir), file);
};

const fromBertVocabulary: Form = (dir) => {
  const file = path.join(dir, 'vocab.txt');
  const declared = readDeclared(dir);
  const json = convertBertVocabulary(file, declared);
  const guessed = declared.rules.do_lower_case === undefined && looksCased(json);
  const remark = `${file}: has capital letters, yet texts are lower-cased, as Python's BertTokenizer does unless tokenizer_config.json says "do_lower_case": false`;
  return { json, remarks: guessed ? [remark] : [] };
};

const fromRobertaVocabulary: Form = (dir) => ({ json: convertRobertaVocabulary(path.join(dir, 'vocab.json'), path.join(dir, 'merges.txt'), readDeclared(dir)), remarks: [] });

/** In the order of preference. */
const forms: readonly { files: readonly string[]; read: Form }[] = [
  { files: ['tokenizer.json'], read: fromTokenizerJson },
  { files: ['vocab.txt'], read: fromBertVocabulary },
  { files: ['vocab.json', 'merges.txt'], read: fromRobertaVocabulary },
];

/** Files that need the ones beside them to make a tokenizer. */
const vocabularyFiles = forms.slice(1).flatMap(({ files }) => files);

function noTokenizer(dir: string): Error {
  const model = sentencePieceFiles.find((name) => fs.existsSync(path.join(dir, name)));
  if (!model) return dataError(`${dir}: no tokenizer.json, vocab.txt, or vocab.json with merges.txt; is it the folder of a BERT or RoBERTa checkpoint?`);
  const python = `from transformers import AutoTokenizer as T; T.from_pretrained('${dir}').save_pretrained('${dir}')`;
  return dataError(`${dir}: has ${model} but no tokenizer.json; write it with Python (pip install transformers sentencepiece protobuf): python -c "${python}"`);
}

/** Reads a checkpoint's tokenizer: of its tokenizer.json, else BERT's vocab.txt, else RoBERTa's vocab.json and merges.txt. @param only one of these files */
export function readTokenizerSource(dir: string, only?: string): TokenizerSource {
  const exists = (name: string): boolean => fs.existsSync(path.join(dir, name));
  const form = forms.find(({ files }) => (only === undefined || files.includes(only)) && files.every(exists));
  if (!form) throw noTokenizer(dir);
  const beside = [...declaringFiles, ADDED_TOKENS].filter(exists);
  return { ...form.read(dir), files: [...form.files, ...beside].map((name) => path.join(dir, name)) };
}

function readTokenizerFile(file: string): TokenizerSource {
  const name = path.basename(file);
  if (vocabularyFiles.includes(name)) return readTokenizerSource(path.dirname(file), name);
  return { ...completeTokenizer(fs.readFileSync(file, 'utf8'), { rules: {}, names: {}, ids: {} }, file), files: [file] };
}

/**
 * @param from a `tokenizer.json`, which is taken as it is; a `vocab.txt`, or a `vocab.json` with its `merges.txt`, read with the
 * files of the checkpoint beside it; a checkpoint's folder; or a checkpoint's name on the Hugging Face hub
 */
export async function findTokenizer(from: string, { log }: { log: Logger }): Promise<TokenizerSource> {
  const isFile = fs.statSync(from, { throwIfNoEntry: false })?.isFile() ?? false;
  const source = isFile ? readTokenizerFile(from) : readTokenizerSource(await locateCheckpoint(from, { log }));
  for (const remark of source.remarks) log.warn(remark);
  return source;
}

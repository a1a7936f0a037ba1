/** Makes a tokenizer of a `tokenizer.json`: BERT's WordPiece by our own encoder, every other kind by the library. */
import fs from 'node:fs';
import { dataError } from '../../core/errors.js';
import { createLibraryEncoder } from './library.js';
import { completeSpecialIds, specialIdsOf } from './special-ids.js';
import { spellerOf } from './spelling.js';
import type { TextTokenizer } from './tokenizer.js';
import { parseTokenizerFile, vocabularyOf, type TokenizerFile } from './tokenizer-file.js';
import { createWordPieceEncoder, wordPiecesOf } from './wordpiece.js';

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text in which an added token, such as [MASK], is spelt out is left to the library. */
function createEncode(file: TokenizerFile, json: string, where: string): TextTokenizer['encode'] {
  const byLibrary = createLibraryEncoder(json, file, where);
  const pieces = wordPiecesOf(file);
  if (!pieces) return byLibrary;
  const encode = createWordPieceEncoder(pieces);
  const added = file.added_tokens.map(({ content }) => content).filter(Boolean);
  const spellsAdded = added.length ? new RegExp(added.map(escaped).join('|')) : undefined;
  return async (texts, maxTokens) => {
    const ids: Int32Array[] = [];
    for (const text of texts) ids.push(spellsAdded?.test(text) ? (await byLibrary([text], maxTokens))[0]! : encode(text, maxTokens));
    return ids;
  };
}

/** @param json the content of a tokenizer.json @param where its name, for errors */
export function createTokenizer(json: string, where: string): TextTokenizer {
  const file = parseTokenizerFile(json, where);
  const vocabulary = vocabularyOf(file);
  const special = completeSpecialIds(specialIdsOf(file, vocabulary), where);
  let size = 0;
  for (const id of vocabulary.values()) size = Math.max(size, id + 1);
  const spell = spellerOf(file);
  let pieces: Map<number, string> | undefined;
  const decode: TextTokenizer['decode'] = (ids) => {
    pieces ??= new Map(Array.from(vocabulary, ([piece, id]) => [id, piece]));
    return spell(Array.from(ids, (id) => (id === special.unk ? '' : pieces!.get(id)!)));
  };
  return { vocabulary, size, special, encode: createEncode(file, json, where), decode };
}

/** @param file a `tokenizer.json` of Hugging Face tokenizers, taken as it is */
export function readTokenizer(file: string): TextTokenizer {
  let json: string;
  try {
    json = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw dataError(`${file}: cannot be read as a tokenizer.json; check the path`, cause);
  }
  return createTokenizer(json, file);
}

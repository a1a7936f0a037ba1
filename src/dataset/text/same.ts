/** Refuses weights whose vocabulary is not the one that the data was prepared with. */
import path from 'node:path';
import { checkpointError } from '../../core/errors.js';
import { createTokenizer } from './read.js';
import { readTokenizerSource } from './source.js';
import { sameTokenizer, type TextTokenizer } from './tokenizer.js';

/** @param dir folder of a Hugging Face checkpoint @throws checkpoint error when its ids mean other pieces than the data's */
export function assertSameTokenizer(dir: string, { dir: data, tokenizer }: { dir: string; tokenizer: TextTokenizer }): void {
  if (sameTokenizer(createTokenizer(readTokenizerSource(dir).json, dir), tokenizer)) return;
  throw checkpointError(`${dir}: its vocabulary is not that of ${path.join(data, 'tokenizer.json')}; prepare the data with \`medweave prepare --set prepare.tokenizer.from=${dir}\``);
}

/** Pieces of a text with their places in it, by the `tokenizers` library: for tasks whose answers are spans. */
import fs from 'node:fs';
import { batchesOf, loadLibraryTokenizer } from './library.js';
import { parseTokenizerFile } from './tokenizer-file.js';

/** Half-open ranges of Unicode code points of the text that was encoded. */
export interface LocatedPieces {
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
}

/**
 * Ids as those of `TextTokenizer.encode`, of whole texts. Several times slower: our own WordPiece forgets where a piece stood.
 * @param file a tokenizer.json
 */
export async function createPieceLocator(file: string): Promise<(texts: readonly string[]) => Promise<LocatedPieces[]>> {
  const json = fs.readFileSync(file, 'utf8');
  const tokenizer = await loadLibraryTokenizer(json, parseTokenizerFile(json, file).added_tokens, file);
  return async (texts) => {
    const located: LocatedPieces[] = [];
    for (const batch of batchesOf(texts)) {
      for (const encoding of await tokenizer.encodeBatch(batch, { addSpecialTokens: false })) {
        const offsets = encoding.getOffsets();
        located.push({
          ids: Int32Array.from(encoding.getIds()),
          starts: Int32Array.from(offsets, ([start]) => start!),
          ends: Int32Array.from(offsets, ([, end]) => end!),
        });
      }
    }
    return located;
  };
}

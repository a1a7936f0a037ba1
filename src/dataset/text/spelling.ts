/** How pieces spell text: with a mark inside words (BERT), before words (SentencePiece), after words, or as bytes (RoBERTa). */
import type { TokenizerFile } from './tokenizer-file.js';

/** The characters that byte-level tokenizers write bytes as: visible Latin-1 as itself, the others in order from U+0100 (as in GPT-2). */
function byteOfCharacter(): Map<string, number> {
  const isVisible = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(isVisible(byte) ? byte : next++), byte]));
}

function bytesSpeller(): (pieces: string[]) => string {
  const bytes = byteOfCharacter();
  // A character that is cut in two at the end of a note becomes U+FFFD.
  return (pieces) => Buffer.from(Array.from(pieces.join(''), (character) => bytes.get(character) ?? 0x20)).toString('utf8');
}

/** @returns pieces → text */
export function spellerOf({ model, decoder, pre_tokenizer }: TokenizerFile): (pieces: string[]) => string {
  const mentions = (type: string): boolean => JSON.stringify([decoder, pre_tokenizer]).includes(`"${type}"`);
  if (mentions('ByteLevel')) return bytesSpeller();
  if (mentions('Metaspace')) return (pieces) => pieces.join('').replaceAll('▁', ' ').trimStart();
  const suffix = model.end_of_word_suffix;
  if (suffix) return (pieces) => pieces.join('').replaceAll(suffix, ' ').trimEnd();
  const prefix = ` ${model.continuing_subword_prefix ?? '##'}`;
  return (pieces) => pieces.join(' ').replaceAll(prefix, '');
}

/** Hashes that caches and chunks are found by. */
import { createHash } from 'node:crypto';
import { ID_BYTES } from './record.js';

/**
 * What a chunk is looked up by: 128 bits of the SHA-256 of its token ids, special tokens included, padding left out. Hashes, not ids,
 * are stored: a cache does not spell out the notes.
 */
export const chunkId = (tokens: Int32Array): Uint8Array => new Uint8Array(digestOf(tokens)).slice(0, ID_BYTES);

const digestOf = (tokens: Int32Array): Buffer => createHash('sha256').update(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength)).digest();

export interface HashedTensor {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

/** SHA-256 over names, shapes, types and values, in hexadecimal; the order of the names does not matter. For the weights in a cache's key. */
export function tensorsHash(tensors: Readonly<Record<string, HashedTensor>>): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(tensors).sort()) {
    const { shape, data } = tensors[name]!;
    hash.update(`${JSON.stringify([name, shape, data.constructor.name])}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

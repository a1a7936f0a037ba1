/**
 * One entry on disk: a header of 48 bytes and the values. A record vouches for itself — which cache it belongs to, which chunk
 * it is, and a checksum over all of it — so that no mix-up of files and no damage to an index can yield a wrong value.
 *
 * Header, in 32-bit words: magic, CRC-32 of everything after it, tokens, bits a value, tag of the cache (4), id of the chunk (4).
 */
import zlib from 'node:zlib';
import { fromHalf, toHalf } from './half.js';

export type Precision = 'float16' | 'float32';

/** 128 bits: of a chunk (its id) or of a cache (its tag). */
export const ID_BYTES = 16;

export const RECORD_HEADER_BYTES = 48;

/** `MWPR` in little-endian order; on a machine of the other byte order no record is recognised. */
const MAGIC = 0x5250574d;
const CHECKED_FROM = 8;
const TAG_AT = 16;
const ID_AT = 32;

/** Bytes on disk of an entry of `tokens` × `width` values. */
export const recordBytes = (values: number, precision: Precision): number => RECORD_HEADER_BYTES + values * (precision === 'float16' ? 2 : 4);

export interface RecordOwner {
  tag: Uint8Array;
  id: Uint8Array;
}

export interface EncodeOptions extends RecordOwner {
  precision: Precision;
  width: number;
  /** Where the record is built; at least `recordBytes(values.length, 'float32')` bytes. */
  scratch: ArrayBuffer;
}

/**
 * Values that half precision cannot hold (beyond ±65504, the outliers of some large models) make the whole record float32.
 * @param values [tokens, width]
 * @returns a view of `scratch`
 */
export function encodeRecord(values: Float32Array, { tag, id, precision, width, scratch }: EncodeOptions): Uint8Array {
  const half = precision === 'float16' && toHalf(values, new Uint16Array(scratch, RECORD_HEADER_BYTES, values.length));
  if (!half) new Float32Array(scratch, RECORD_HEADER_BYTES, values.length).set(values);
  const bytes = new Uint8Array(scratch, 0, recordBytes(values.length, half ? 'float16' : 'float32'));
  const words = new Uint32Array(scratch, 0, 4);
  words[0] = MAGIC;
  words[2] = values.length / width;
  words[3] = half ? 16 : 32;
  bytes.set(tag, TAG_AT);
  bytes.set(id, ID_AT);
  words[1] = zlib.crc32(bytes.subarray(CHECKED_FROM));
  return bytes;
}

/** @returns what is wrong with a record, or null. @param bytes at the start of an ArrayBuffer */
export function recordProblem(bytes: Uint8Array, { tag, id }: RecordOwner): string | null {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 4);
  if (words[0] !== MAGIC) return 'no record begins here';
  if (words[1] !== zlib.crc32(bytes.subarray(CHECKED_FROM))) return 'the checksum does not match';
  if (!sameBytes(bytes, TAG_AT, tag)) return 'the record belongs to another cache';
  if (!sameBytes(bytes, ID_AT, id)) return 'the record belongs to another chunk';
  return null;
}

/** Of a record without a problem. @param halves from `halfValues` @returns false when it does not hold `target.length` values */
export function decodeRecord(bytes: Uint8Array, halves: Float32Array, target: Float32Array): boolean {
  const half = new Uint32Array(bytes.buffer, bytes.byteOffset, 4)[3] === 16;
  if (bytes.length !== recordBytes(target.length, half ? 'float16' : 'float32')) return false;
  const at = bytes.byteOffset + RECORD_HEADER_BYTES;
  if (half) fromHalf(new Uint16Array(bytes.buffer, at, target.length), halves, target);
  else target.set(new Float32Array(bytes.buffer, at, target.length));
  return true;
}

const sameBytes = (bytes: Uint8Array, at: number, expected: Uint8Array): boolean => expected.every((byte, i) => bytes[at + i] === byte);

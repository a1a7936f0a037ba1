/** TFRecord framing: length, its checksum, the bytes, theirs; checksums are CRC-32C, masked. */
import { createRequire } from 'node:module';
import type * as Crc32 from 'crc-32';

/** The package has types for its other polynomial only; both modules have the same functions. */
const { buf: crc32c } = createRequire(import.meta.url)('crc-32/crc32c.js') as typeof Crc32;

const MASK = 0xa282ead8;

/** Checksums of data that hold checksums are rotated and shifted (tensorflow/core/lib/hash/crc32c.h). */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}

export function frameRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}

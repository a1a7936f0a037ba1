/** Decompresses LZ4 frames (lz4.org, frame format 1.6): what pandas compresses Feather files with. Checksums are not verified. */
import { dataError } from '../core/errors.js';

const MAGIC = 0x184d2204;

/** @throws data error when the bytes are no LZ4 frame, or end too early */
export function decompressLz4(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== MAGIC) throw dataError('not an LZ4 frame; save the file without compression');
  const flags = frame[4]!;
  const [hasBlockChecksum, hasContentSize, hasDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  const out: number[] = [];
  let at = 6 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  for (;;) {
    if (at + 4 > frame.length) throw dataError('the LZ4 frame ends too early; is the file complete?');
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) return Uint8Array.from(out);
    const size = header & 0x7fffffff;
    const block = frame.subarray(at, at + size);
    if (block.length < size) throw dataError('the LZ4 frame ends too early; is the file complete?');
    if (header >>> 31) for (const byte of block) out.push(byte);
    else decompressBlock(block, out);
    at += size + (hasBlockChecksum ? 4 : 0);
  }
}

/** Appends the content of one block; matches may reach back into earlier blocks. */
function decompressBlock(block: Uint8Array, out: number[]): void {
  let at = 0;
  /** A length of 15 goes on in bytes until one is below 255. */
  const lengthFrom = (start: number): number => {
    let length = start;
    if (start === 15) for (let byte = 255; byte === 255; length += byte) byte = block[at++]!;
    return length;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = lengthFrom(token >> 4);
    for (const end = at + literals; at < end; at++) out.push(block[at]!);
    if (at >= block.length) return;
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    if (offset === 0 || offset > out.length) throw dataError('the LZ4 frame is damaged (a match before its start)');
    const matched = lengthFrom(token & 15) + 4;
    for (let i = 0; i < matched; i++) out.push(out[out.length - offset]!);
  }
}

/** The safetensors format: 8 bytes of header length, a JSON header, raw little-endian data. float32 and int32 here. */
import fs from 'node:fs';
import { checkpointError } from '../core/errors.js';

export interface StoredTensor {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const HEADER_LENGTH_BYTES = 8;
/** Header lengths above this are not a safetensors file (the format's own limit). */
const MAX_HEADER = 100_000_000;

const bytesOf = (data: Float32Array | Int32Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Writes tensors in the order given. @param metadata strings only, as the format wants */
export function writeSafetensors(file: string, tensors: Record<string, StoredTensor>, metadata: Record<string, string> = {}): void {
  const header: Record<string, HeaderEntry | Record<string, string>> = { __metadata__: { format: 'pt', ...metadata } };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I32';
    header[name] = { dtype, shape: [...shape], data_offsets: [offset, (offset += data.byteLength)] };
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = fs.openSync(file, 'w');
  try {
    for (const part of [length, json, ...Object.values(tensors).map(({ data }) => bytesOf(data))]) writeFully(handle, part);
  } finally {
    fs.closeSync(handle);
  }
}

function writeFully(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(handle, bytes, at, Math.min(bytes.length - at, 1 << 30));
}

/** Reads every tensor. @throws checkpoint error naming the file when it is truncated or no safetensors file */
export function readSafetensors(file: string): Record<string, StoredTensor> {
  let handle: number;
  try {
    handle = fs.openSync(file, 'r');
  } catch (cause) {
    throw checkpointError(`${file}: cannot be read; is this a medweave run directory?`, cause);
  }
  try {
    const { size } = fs.fstatSync(handle);
    const header = readHeader(file, handle, size);
    return Object.fromEntries(Object.entries(header.entries).map(([name, entry]) => [name, readTensor(file, handle, header.dataStart, name, entry)]));
  } finally {
    fs.closeSync(handle);
  }
}

function readHeader(file: string, handle: number, size: number): { entries: Record<string, HeaderEntry>; dataStart: number } {
  const prefix = Buffer.alloc(HEADER_LENGTH_BYTES);
  const read = fs.readSync(handle, prefix, 0, HEADER_LENGTH_BYTES, 0);
  const length = read === HEADER_LENGTH_BYTES ? Number(prefix.readBigUInt64LE()) : Infinity;
  if (length > MAX_HEADER || HEADER_LENGTH_BYTES + length > size) throw checkpointError(`${file}: not a safetensors file, or cut short (${size} bytes)`);
  const json = Buffer.alloc(length);
  fs.readSync(handle, json, 0, length, HEADER_LENGTH_BYTES);
  try {
    const { __metadata__: _, ...entries } = JSON.parse(json.toString('utf8')) as Record<string, HeaderEntry>;
    const dataStart = HEADER_LENGTH_BYTES + length;
    const end = Object.values(entries).reduce((last, entry) => Math.max(last, entry.data_offsets[1]), 0);
    if (dataStart + end > size) throw new Error(`holds ${size} bytes, its header promises ${dataStart + end}`);
    return { entries, dataStart };
  } catch (cause) {
    throw checkpointError(`${file}: damaged: ${(cause as Error).message}`, cause);
  }
}

function readTensor(file: string, handle: number, dataStart: number, name: string, { dtype, shape, data_offsets: [start, end] }: HeaderEntry): StoredTensor {
  if (dtype !== 'F32' && dtype !== 'I32') throw checkpointError(`${file}: tensor ${name} is ${dtype}; medweave reads F32 and I32`);
  const bytes = new Uint8Array(end - start);
  for (let at = 0; at < bytes.length; ) at += fs.readSync(handle, bytes, at, Math.min(bytes.length - at, 1 << 30), dataStart + start + at);
  return { shape, data: dtype === 'F32' ? new Float32Array(bytes.buffer) : new Int32Array(bytes.buffer) };
}

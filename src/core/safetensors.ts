/** The safetensors format: 8 bytes of header length, a JSON header, raw little-endian data; tensors are read one at a time. */
import fs from 'node:fs';
import { z } from 'zod';
import { checkpointError } from './errors.js';
import { decode, itemSize, readableTypes } from './number-formats.js';

export interface StoredTensor {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

const HEADER_LENGTH_BYTES = 8;
/** Header lengths above this are not a safetensors file (the format's own limit). */
const MAX_HEADER = 100_000_000;
/** One read or write of the operating system takes less than 2 GiB. */
const MAX_TRANSFER = 1 << 30;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), entrySchema);

type HeaderEntry = z.output<typeof entrySchema>;

/** A file whose header has been read; the data is still on disk. */
export interface SafetensorsFile {
  file: string;
  /** In the order of the header. */
  names: readonly string[];
  /** @returns what the header says of a tensor, undefined when the file has none of that name */
  describe(name: string): { shape: readonly number[]; dtype: string } | undefined;
  /**
   * Reads one tensor. F64, F16 and BF16 become float32 (F64 rounded to nearest even, the others exactly); I64 becomes int32.
   * @throws checkpoint error when there is no such tensor, its type is not readable or an I64 value does not fit
   */
  read(name: string): StoredTensor;
}

const bytesOf = (data: Float32Array | Int32Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const elements = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1);

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
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(handle, bytes, at, Math.min(bytes.length - at, MAX_TRANSFER));
}

/** Reads the header only. @throws checkpoint error naming the file when it is missing, truncated or no safetensors file */
export function openSafetensors(file: string): SafetensorsFile {
  const { entries, dataStart } = withFile(file, (handle) => readHeader(file, handle));
  return {
    file,
    names: [...entries.keys()],
    describe: (name) => entries.get(name),
    read(name) {
      const entry = entries.get(name);
      if (!entry) throw checkpointError(`${file}: has no tensor ${name}`);
      return withFile(file, (handle) => readTensor({ file, handle, name, at: dataStart + entry.data_offsets[0] }, entry));
    },
  };
}

/** Reads every tensor. @throws as {@link openSafetensors} and its `read` */
export function readSafetensors(file: string): Record<string, StoredTensor> {
  const { names, read } = openSafetensors(file);
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

/** A file is open only while it is read, so that nobody has to close anything. */
function withFile<T>(file: string, use: (handle: number) => T): T {
  let handle: number;
  try {
    handle = fs.openSync(file, 'r');
  } catch (cause) {
    throw checkpointError(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'no such file'}); is the path right, and the download or the run complete?`, cause);
  }
  try {
    return use(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function readHeader(file: string, handle: number): { entries: Map<string, HeaderEntry>; dataStart: number } {
  const { size } = fs.fstatSync(handle);
  const prefix = Buffer.alloc(HEADER_LENGTH_BYTES);
  const read = fs.readSync(handle, prefix, 0, HEADER_LENGTH_BYTES, 0);
  if (prefix.toString('latin1') === 'version ') throw checkpointError(`${file}: is a Git LFS pointer, not the weights; run \`git lfs pull\` in its folder`);
  const length = read === HEADER_LENGTH_BYTES ? Number(prefix.readBigUInt64LE()) : Infinity;
  if (length > MAX_HEADER || HEADER_LENGTH_BYTES + length > size) throw checkpointError(`${file}: not a safetensors file, or cut short (${size} bytes)`);
  const json = Buffer.alloc(length);
  fs.readSync(handle, json, 0, length, HEADER_LENGTH_BYTES);
  const dataStart = HEADER_LENGTH_BYTES + length;
  try {
    const entries = parseHeader(json.toString('utf8'));
    assertWithin(entries, size - dataStart);
    return { entries, dataStart };
  } catch (cause) {
    throw checkpointError(`${file}: damaged: ${(cause as Error).message.split('\n')[0]}`, cause);
  }
}

function parseHeader(text: string): Map<string, HeaderEntry> {
  const { __metadata__: _, ...raw } = JSON.parse(text) as Record<string, unknown>;
  const parsed = headerSchema.safeParse(raw);
  if (!parsed.success) throw new Error(`the header's ${parsed.error.issues[0]!.path.join('.')} is not as the format says`);
  return new Map(Object.entries(parsed.data));
}

/** @throws when an entry's bytes lie outside the file, or are not as many as its shape and type need */
function assertWithin(entries: Map<string, HeaderEntry>, available: number): void {
  for (const [name, { dtype, shape, data_offsets: [start, end] }] of entries) {
    if (end > available) throw new Error(`holds ${available} bytes of data, its header promises ${end}`);
    const width = itemSize(dtype);
    if (width !== undefined && end - start !== elements(shape) * width) {
      throw new Error(`tensor ${name} [${shape.join(', ')}] ${dtype} has ${end - start} bytes, expected ${elements(shape) * width}`);
    }
  }
}

function readTensor({ file, handle, name, at }: { file: string; handle: number; name: string; at: number }, { dtype, shape, data_offsets: [start, end] }: HeaderEntry): StoredTensor {
  if (itemSize(dtype) === undefined) throw checkpointError(`${file}: tensor ${name} is ${dtype}; medweave reads ${readableTypes.join(', ')}`);
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length; ) {
    const count = fs.readSync(handle, bytes, done, Math.min(bytes.length - done, MAX_TRANSFER), at + done);
    if (!count) throw checkpointError(`${file}: ends inside tensor ${name}; it was cut short while being read`);
    done += count;
  }
  try {
    return { shape, data: decode(dtype, bytes) };
  } catch (cause) {
    throw checkpointError(`${file}: tensor ${name}: ${(cause as Error).message}`, cause);
  }
}

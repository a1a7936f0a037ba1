import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSafetensors, readSafetensors, writeSafetensors } from '../../src/core/safetensors.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-safetensors-'));
afterAll(() => fs.rmSync(dir, { recursive: true }));
const file = (name: string): string => path.join(dir, name);

describe('safetensors', () => {
  it('comes back as it was written', () => {
    const tensors = { 'a.weight': { shape: [2, 3], data: Float32Array.of(1, -0, NaN, Infinity, 1e-40, 5) }, b: { shape: [], data: Int32Array.of(-7) } };
    writeSafetensors(file('a'), tensors);
    const read = readSafetensors(file('a'));
    expect(read).toEqual(tensors);
  });

  it('is laid out as the format says: length, JSON header, data aligned to 8 bytes', () => {
    writeSafetensors(file('b'), { x: { shape: [2], data: Float32Array.of(1, 2) } });
    const bytes = fs.readFileSync(file('b'));
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, unknown>;
    expect(header['x']).toEqual({ dtype: 'F32', shape: [2], data_offsets: [0, 8] });
    expect(bytes.readFloatLE(8 + length + 4)).toBe(2);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3), /promises/],
    ['not safetensors', () => Buffer.from('hello, this is no tensor file at all'), /not a safetensors file/],
    ['empty', () => Buffer.alloc(0), /not a safetensors file/],
  ])('refuses a file that is %s, naming it', (name, damage, message) => {
    writeSafetensors(file('c'), { x: { shape: [2], data: Float32Array.of(1, 2) } });
    fs.writeFileSync(file(name), damage(fs.readFileSync(file('c'))));
    expect(() => readSafetensors(file(name))).toThrow(message);
    expect(() => readSafetensors(file(name))).toThrow(file(name));
  });

  it('is read one tensor at a time, by name', () => {
    writeSafetensors(file('lazy'), { a: { shape: [2], data: Float32Array.of(1, 2) }, b: { shape: [1, 3], data: Float32Array.of(3, 4, 5) } });
    const opened = openSafetensors(file('lazy'));
    expect(opened.names).toEqual(['a', 'b']);
    expect(opened.describe('b')).toMatchObject({ shape: [1, 3], dtype: 'F32' });
    expect(opened.describe('c')).toBeUndefined();
    expect(opened.read('b')).toEqual({ shape: [1, 3], data: Float32Array.of(3, 4, 5) });
    expect(() => opened.read('c')).toThrow(`${file('lazy')}: has no tensor c`);
  });

  /** A file with one entry and as much data as is said. */
  const handmade = (name: string, entry: object, dataBytes: number): string => {
    const json = Buffer.from(JSON.stringify({ x: entry }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    fs.writeFileSync(file(name), Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
    return file(name);
  };

  it('refuses a header that contradicts itself', () => {
    expect(() => openSafetensors(handmade('d', { dtype: 'F32', shape: [3], data_offsets: [0, 8] }, 8))).toThrow(/tensor x \[3\] F32 has 8 bytes, expected 12/);
    expect(() => openSafetensors(handmade('e', { dtype: 'F32', shape: [-1], data_offsets: [0, 8] }, 8))).toThrow(/damaged: the header's x\.shape/);
    expect(() => openSafetensors(handmade('f', { dtype: 'F32', shape: [2] }, 8))).toThrow(/data_offsets/);
  });

  it('reads around a type that it does not know', () => {
    const opened = openSafetensors(handmade('g', { dtype: 'F8_E4M3', shape: [8], data_offsets: [0, 8] }, 8));
    expect(opened.names).toEqual(['x']);
    expect(() => opened.read('x')).toThrow(/tensor x is F8_E4M3; medweave reads F32, I32, F64, F16, BF16, I64/);
  });

  it('tells a Git LFS pointer from the weights', () => {
    fs.writeFileSync(file('pointer'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n');
    expect(() => openSafetensors(file('pointer'))).toThrow(/is a Git LFS pointer, not the weights; run `git lfs pull`/);
  });

  it('names a file that is not there', () => {
    expect(() => openSafetensors(file('none'))).toThrow(`${file('none')}: cannot be read (ENOENT)`);
  });
});

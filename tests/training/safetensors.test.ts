import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/training/safetensors.js';

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
});

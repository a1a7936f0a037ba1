/** Half precision against the definition: value = (-1)^s · 2^(e − 25) · (1024·[e>0] + m), computed in float64 by enumeration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/artifact.js';
import { fromHalf, halfValues, toHalf } from '../../src/prefix-cache/half.js';

/** By the definition of the format. */
function valueOf(half: number): number {
  const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24);
}

/** All non-negative finite halves in ascending order of value; the index is the half itself. */
const ASCENDING = Float64Array.from({ length: 0x7c00 }, (_, half) => valueOf(half));

/** The nearest half to |x| by search; of two equally near, the even one. */
function nearest(magnitude: number): number {
  let [low, high] = [0, ASCENDING.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (ASCENDING[middle]! <= magnitude) low = middle;
    else high = middle;
  }
  const [below, above] = [magnitude - ASCENDING[low]!, ASCENDING[high]! - magnitude];
  return below < above || (below === above && low % 2 === 0) ? low : high;
}

function convert(value: number): number | 'too large' {
  const out = new Uint16Array(1);
  return toHalf(Float32Array.of(value), out) ? out[0]! : 'too large';
}

function back(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  fromHalf(halves, halfValues(), out);
  return out;
}

const EVERY_HALF = Uint16Array.from({ length: 65_536 }, (_, i) => i);

/**
 * Of the 65,536 values as float32, NaN put as 0, by Python 3.11:
 * values = [struct.unpack('<e', struct.pack('<H', h))[0] for h in range(65536)]
 * hashlib.sha256(struct.pack('<65536f', *[0 if v != v else v for v in values])).hexdigest()
 */
const PYTHON_VALUES = 'faa6d965574036872b0d39a42d1f8bee361d5be92b1e718155a69556a5abacdd';
const isNaNHalf = (half: number): boolean => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;

describe('fromHalf', () => {
  it('gives the exact value of each of the 65,536 halves, signed zeros included', () => {
    const values = back(EVERY_HALF);
    expect([...EVERY_HALF].filter((half) => !Object.is(values[half], valueOf(half)))).toEqual([]);
    expect(sha256(new Uint8Array(values.map((value) => (Number.isNaN(value) ? 0 : value)).buffer))).toBe(PYTHON_VALUES);
  });
});

describe('toHalf', () => {
  it('returns each of the 65,536 halves unchanged; any NaN as a quiet one', () => {
    const out = new Uint16Array(65_536);
    expect(toHalf(back(EVERY_HALF), out)).toBe(true);
    expect([...EVERY_HALF].filter((half) => (isNaNHalf(half) ? (out[half]! & 0x7fff) !== 0x7e00 : out[half] !== half))).toEqual([]);
  });

  it('rounds every midpoint between two halves to the even one, and its float32 neighbours to the nearer one', () => {
    const midpoints = Float32Array.from({ length: 0x7bff }, (_, half) => (ASCENDING[half]! + ASCENDING[half + 1]!) / 2);
    const neighbours = (step: number): Float32Array => new Float32Array(new Int32Array(midpoints.buffer.slice(0)).map((bits) => bits + step).buffer);
    const out = new Uint16Array(midpoints.length);
    expect(toHalf(midpoints, out)).toBe(true);
    expect(out.every((half, i) => half === i + (i % 2))).toBe(true);
    expect(toHalf(neighbours(-1), out)).toBe(true);
    expect(out.every((half, i) => half === i)).toBe(true);
    expect(toHalf(neighbours(1), out)).toBe(true);
    expect(out.every((half, i) => half === i + 1)).toBe(true);
  });

  it('is the nearest half of any float32 in range', () => {
    const inRange = fc.float({ min: -65504, max: 65504, noNaN: true });
    const small = fc.float({ min: Math.fround(-(2 ** -13)), max: Math.fround(2 ** -13), noNaN: true });
    fc.assert(
      fc.property(fc.oneof(inRange, small), (value) => {
        expect(convert(value)).toBe(nearest(Math.abs(value)) + (Object.is(value, -0) || value < 0 ? 0x8000 : 0));
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses what would become infinite, and only that', () => {
    expect(convert(65504)).toBe(0x7bff);
    expect(convert(65519.99609375)).toBe(0x7bff);
    expect([65520, -65520, 1e30].map(convert)).toEqual(['too large', 'too large', 'too large']);
    expect([Infinity, -Infinity].map(convert)).toEqual([0x7c00, 0xfc00]);
  });
});

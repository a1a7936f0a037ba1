import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, widenHalf } from '../../src/core/number-formats.js';

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer);

/** IEEE 754 binary16, by the definition. */
function halfByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -14 * (fraction / 1024);
}

describe('number formats', () => {
  it('widens every half-precision number exactly', () => {
    const wide = widenHalf(Uint16Array.from({ length: 65_536 }, (_, bits) => bits));
    for (let bits = 0; bits < 65_536; bits++) if (!Object.is(wide[bits], halfByDefinition(bits))) expect.fail(`0x${bits.toString(16)}: ${wide[bits]}, expected ${halfByDefinition(bits)}`);
  });

  it('knows some halves by heart', () => {
    expect([...widenHalf(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555))]).toEqual([1, -2, 65504, 2 ** -14, 2 ** -24, -0, 0.333251953125]);
  });

  it('takes bfloat16 for the upper half of float32', () => {
    expect([...decode('BF16', bytesOf(Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x0001)))]).toEqual([1, -3.140625, Infinity, 2 ** -133]);
  });

  it('rounds doubles to the nearest float', () => {
    fc.assert(fc.property(fc.array(fc.double()), (values) => {
      expect([...decode('F64', bytesOf(Float64Array.from(values)))]).toEqual(values.map(Math.fround));
    }));
  });

  it('narrows 64-bit integers that fit and refuses others', () => {
    expect([...decode('I64', bytesOf(BigInt64Array.of(0n, -1n, 2147483647n, -2147483648n)))]).toEqual([0, -1, 2147483647, -2147483648]);
    for (const large of [2147483648n, -2147483649n, 1n << 53n, (1n << 62n) + 5n]) expect(() => decode('I64', bytesOf(BigInt64Array.of(1n, large)))).toThrow(`I64 value ${large} does not fit`);
  });
});

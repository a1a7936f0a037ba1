/** Stored number formats (safetensors names) → float32 or int32; every narrower format is converted exactly. */

type Decoder = (bytes: Uint8Array) => Float32Array | Int32Array;

const DECODERS: Record<string, { width: number; decode: Decoder }> = {
  F32: { width: 4, decode: ({ buffer }) => new Float32Array(buffer) },
  I32: { width: 4, decode: ({ buffer }) => new Int32Array(buffer) },
  // Float32Array.from rounds to nearest even, as IEEE 754 narrows.
  F64: { width: 8, decode: ({ buffer }) => Float32Array.from(new Float64Array(buffer)) },
  F16: { width: 2, decode: ({ buffer }) => widenHalf(new Uint16Array(buffer)) },
  BF16: { width: 2, decode: ({ buffer }) => widenBrain(new Uint16Array(buffer)) },
  I64: { width: 8, decode: ({ buffer }) => narrowIntegers(new BigInt64Array(buffer)) },
};

export const readableTypes: readonly string[] = Object.keys(DECODERS);

/** Bytes of one number, undefined for a format that is not readable. */
export const itemSize = (dtype: string): number | undefined => DECODERS[dtype]?.width;

/** @param bytes a whole buffer of its own (a view's offset is not looked at). @throws when an I64 does not fit into 32 bits */
export function decode(dtype: string, bytes: Uint8Array): Float32Array | Int32Array {
  const decoder = DECODERS[dtype];
  if (!decoder) throw new Error(`${dtype} is not readable`);
  return decoder.decode(bytes);
}

/** bfloat16 is the upper half of a float32. */
function widenBrain(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16;
  return new Float32Array(wide.buffer);
}

/** IEEE 754 half precision → float32, subnormals, infinities and NaN included. */
export function widenHalf(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = HALF_SCALE[bits[i]! >> 10]! * halfSignificand(bits[i]!);
  return values;
}

const halfSignificand = (bits: number): number => {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : Infinity;
  return exponent ? 1024 + fraction : fraction;
};

/** For each sign and exponent (upper 6 bits) what the significand, as an integer, is multiplied with; ±1 for infinity. */
const HALF_SCALE = Float64Array.from({ length: 64 }, (_, signExponent) => {
  const exponent = signExponent & 31;
  const scale = exponent === 31 ? 1 : 2 ** (Math.max(exponent, 1) - 25);
  return signExponent & 32 ? -scale : scale;
});

function narrowIntegers(wide: BigInt64Array): Int32Array {
  const values = new Int32Array(wide.length);
  for (let i = 0; i < wide.length; i++) {
    values[i] = Number(wide[i]);
    if (BigInt(values[i]!) !== wide[i]) throw new Error(`I64 value ${wide[i]} does not fit into 32 bits`);
  }
  return values;
}

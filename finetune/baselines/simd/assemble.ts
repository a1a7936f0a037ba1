/** Assembles small WebAssembly modules: functions of 32-bit pointers over one exported memory, so that nobody needs a compiler. */

/** Bytes of an instruction, or of a sequence of them. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest);
  return bytes;
}

/** The instructions that the kernels need (WebAssembly core specification 2.0, section 5.4). Non-negative constants below 64 only. */
export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  constant: (value: number): Code => [0x41, value],
  add: [0x6a],
  shiftLeft: [0x74],
  atLeast: [0x4f],
  loadI32: [0x28, 2, 0],
  loadU16: [0x2f, 1, 0],
  loadF32: [0x2a, 2, 0],
  promote: [0xbb],
  splat: [0xfd, 0x14],
  load: (offset: number): Code => [0xfd, 0x00, 3, ...unsigned(offset)],
  store: (offset: number): Code => [0xfd, 0x0b, 3, ...unsigned(offset)],
  addPairs: [0xfd, ...unsigned(0xf0)],
  multiplyPairs: [0xfd, ...unsigned(0xf2)],
  /** Repeats the body until `done` leaves a non-zero number on the stack. */
  until: (done: Code, body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...done, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b],
} as const;

export interface WasmFunction {
  name: string;
  /** Parameters, each an i32; they are the first locals. */
  parameters: number;
  /** Further locals by type. */
  locals: readonly { count: number; type: number }[];
  body: Code;
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (content: Code): number[] => [...unsigned(content.length), ...content];
const section = (id: number, content: Code): number[] => [id, ...sized(content)];
const nameOf = (name: string): number[] => sized([...Buffer.from(name)]);

/** @returns the bytes of a module that imports nothing and exports the functions, and `memory` of one page */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(new Array<Code>(parameters).fill([I32])), 0]);
  const bodies = functions.map(({ locals, body }) => sized([...vector(locals.map(({ count, type }) => [...unsigned(count), type])), ...body, 0x0b]));
  const exported = [[...nameOf('memory'), 2, 0], ...functions.map(({ name }, i) => [...nameOf(name), 0, ...unsigned(i)])];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, [1, 0, 1]),
    ...section(7, vector(exported)),
    ...section(10, vector(bodies)),
  ]);
}

/**
 * Products of a block of sparse rows with laned vectors, two lanes an instruction (WebAssembly SIMD). The same loops in JavaScript take about four
 * times as long; sums are the same to the last bit, since each lane adds up by itself, in the order of the entries.
 */
import { BLOCK_ROWS, type ColumnBlock } from '../column-block.js';
import { LANES } from '../lanes.js';
import { assemble, I32, op, V128, type Code, type WasmFunction } from './assemble.js';

/** A register holds two doubles. */
const REGISTERS = LANES / 2;
const LANED_BYTES = LANES * Float64Array.BYTES_PER_ELEMENT;
const PAGE = 65_536;

/** The parameters, which the loops advance; then the current column's place in the long vector, where its entries end, and registers. */
const [COLUMNS, COLUMNS_END, COUNTS, ROWS, VALUES, LONG, SHORT, AT, ROWS_END, VALUE, FIRST] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const signature: Pick<WasmFunction, 'parameters' | 'locals'> = { parameters: 7, locals: [{ count: 2, type: I32 }, { count: 1 + REGISTERS, type: V128 }] };

const eachRegister = (code: (register: number, offset: number) => Code): Code => Array.from({ length: REGISTERS }, (_, k) => code(FIRST + k, k * 16)).flat();
const advance = (pointer: number, bytes: number): Code => [...op.get(pointer), ...op.constant(bytes), ...op.add, ...op.set(pointer)];
const atLeast = (pointer: number, end: number): Code => [...op.get(pointer), ...op.get(end), ...op.atLeast];
/** Address of laned element number `index` of a vector. */
const place = (index: Code, vector: number): Code => [...index, ...op.constant(Math.log2(LANED_BYTES)), ...op.shiftLeft, ...op.get(vector), ...op.add];

/** For each column: its registers are loaded; for each of its entries AT is the row's place in the short vector and VALUE the value; `after`. */
const forEachColumn = (entry: Code, after: Code): Code =>
  op.until(atLeast(COLUMNS, COLUMNS_END), [
    ...[...op.get(ROWS), ...op.get(COUNTS), ...op.loadI32, ...op.constant(1), ...op.shiftLeft, ...op.add, ...op.set(ROWS_END)],
    ...[...place([...op.get(COLUMNS), ...op.loadI32], LONG), ...op.set(AT)],
    ...eachRegister((register, offset) => [...op.get(AT), ...op.load(offset), ...op.set(register)]),
    ...op.until(atLeast(ROWS, ROWS_END), [
      ...[...place([...op.get(ROWS), ...op.loadU16], SHORT), ...op.set(AT)],
      ...[...op.get(VALUES), ...op.loadF32, ...op.promote, ...op.splat, ...op.set(VALUE)],
      ...entry,
      ...advance(ROWS, 2),
      ...advance(VALUES, 4),
    ]),
    ...after,
    ...advance(COLUMNS, 4),
    ...advance(COUNTS, 4),
  ]);

/** short[row] += value · long[column] */
const multiply: Code = forEachColumn(
  eachRegister((register, offset) => [...op.get(AT), ...op.get(AT), ...op.load(offset), ...op.get(VALUE), ...op.get(register), ...op.multiplyPairs, ...op.addPairs, ...op.store(offset)]),
  [],
);

/** long[column] += Σ value · short[row] */
const multiplyTransposed: Code = forEachColumn(
  eachRegister((register, offset) => [...op.get(register), ...op.get(VALUE), ...op.get(AT), ...op.load(offset), ...op.multiplyPairs, ...op.addPairs, ...op.set(register)]),
  [...place([...op.get(COLUMNS), ...op.loadI32], LONG), ...op.set(AT), ...eachRegister((register, offset) => [...op.get(AT), ...op.get(register), ...op.store(offset)])],
);

/** Of seven pointers, in the order of the parameters above. */
type BlockFunction = (...pointers: readonly number[]) => void;

export interface BlockKernel {
  /** Laned vectors of a number for each column: what `multiply` reads, and what `multiplyTransposed` adds to. */
  weights: Float64Array;
  gradient: Float64Array;
  /** Laned, [BLOCK_ROWS * LANES]: what `multiply` adds to, and what `multiplyTransposed` reads. */
  rows: Float64Array;
  /** Copies a block to where the products find it. */
  load(block: ColumnBlock): void;
  multiply(): void;
  multiplyTransposed(): void;
}

/** @param blocks the largest decides how much memory is needed */
export function openBlockKernel(columns: number, blocks: readonly ColumnBlock[]): BlockKernel {
  const bytes = assemble([{ name: 'multiply', ...signature, body: multiply }, { name: 'multiplyTransposed', ...signature, body: multiplyTransposed }]);
  const { memory, ...products } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as { memory: WebAssembly.Memory } & Record<'multiply' | 'multiplyTransposed', BlockFunction>;
  const entries = Math.max(0, ...blocks.map(({ values }) => values.length));
  const present = Math.max(0, ...blocks.map((block) => block.columns.length));
  const [rows, weights, gradient, columnsAt, countsAt, valuesAt, rowsAt, end] = layOut([BLOCK_ROWS * LANED_BYTES, columns * LANED_BYTES, columns * LANED_BYTES, present * 4, present * 4, entries * 4, entries * 2]);
  memory.grow(Math.ceil(end! / PAGE));
  const { buffer } = memory;
  const staged = {
    columns: new Int32Array(buffer, columnsAt, present),
    counts: new Int32Array(buffer, countsAt, present),
    values: new Float32Array(buffer, valuesAt, entries),
    entryRows: new Uint16Array(buffer, rowsAt, entries),
  };
  let columnsEnd = columnsAt!;
  return {
    rows: new Float64Array(buffer, rows, BLOCK_ROWS * LANES),
    weights: new Float64Array(buffer, weights, columns * LANES),
    gradient: new Float64Array(buffer, gradient, columns * LANES),
    load(block) {
      staged.columns.set(block.columns);
      staged.counts.set(block.counts);
      staged.values.set(block.values);
      staged.entryRows.set(block.entryRows);
      columnsEnd = columnsAt! + block.columns.byteLength;
    },
    multiply: () => products.multiply(columnsAt!, columnsEnd, countsAt!, rowsAt!, valuesAt!, weights!, rows!),
    multiplyTransposed: () => products.multiplyTransposed(columnsAt!, columnsEnd, countsAt!, rowsAt!, valuesAt!, gradient!, rows!),
  };
}

/** Where parts of so many bytes begin, one after the other from a multiple of 64; at last, where the last one ends. */
function layOut(sizes: readonly number[]): number[] {
  const starts = [0];
  for (const size of sizes) starts.push(Math.ceil((starts.at(-1)! + size) / 64) * 64);
  return starts;
}

/** The bare matrix products of a program, each as a graph of its own: the machine's rate, and the yardstick for the program. */
import { createRng } from '../core/rng.js';
import { tf, type Call, type Device, type Program } from '../engine/index.js';
import type { Timing } from './measure.js';
import { productFlops, totalFlops, type Product } from './products.js';

export interface Timed {
  run(): Promise<void>;
  dispose(): void;
}

/** Speed of the products by themselves. */
export interface BareRate {
  /** Of all of them, one after the other, less the price of calling each. */
  ms: number;
  /** The same in processor time. */
  processor_ms: number;
  gflops_per_second: number;
  products: { a: number[]; b: number[]; transpose: [boolean, boolean]; count: number; ms: number; gflops_per_second: number }[];
}

export interface BareProducts {
  /** Time these, then hand the timings to {@link rate}, in order. */
  subjects: Timed[];
  rate(timings: readonly Timing[]): BareRate;
}

/** What a timing cannot resolve. */
const CLOCK_MS = 1e-3;

export async function createBareProducts(device: Device, products: readonly Product[]): Promise<BareProducts> {
  const subjects = [await createEmptyCall(device), ...(await Promise.all(products.map((product) => createBareProduct(device, product))))];
  return {
    subjects,
    rate([empty, ...timings]) {
      const times = timings.map(({ ms }) => Math.max(ms - empty!.ms, CLOCK_MS));
      const sum = (each: (i: number) => number): number => products.reduce((total, { count }, i) => total + count * each(i), 0);
      const ms = sum((i) => times[i]!);
      return {
        ms,
        processor_ms: sum((i) => Math.max(timings[i]!.processor_ms - empty!.processor_ms, CLOCK_MS)),
        gflops_per_second: totalFlops(products) / ms / 1e6,
        products: products.map(({ a, b, transposeA, transposeB, count }, i) => ({
          a, b, transpose: [transposeA, transposeB], count, ms: times[i]!, gflops_per_second: productFlops(products[i]!) / times[i]! / 1e6,
        })),
      };
    },
  };
}

/** Operands are fed, the result's buffer is allocated once: nothing is packed ahead of time, nothing is copied. */
async function createBareProduct(device: Device, product: Product): Promise<Timed> {
  const { a, b, transposeA, transposeB } = product;
  const program: Program = await device.compile(
    (inputs) => ({ product: tf.matMul(inputs.a!, inputs.b!, transposeA, transposeB) }),
    [{ name: 'a', shape: a, dtype: 'float32' }, { name: 'b', shape: b, dtype: 'float32' }],
    { name: 'bare product' },
  );
  const call: Call = program.bind();
  const rng = createRng('bare product');
  for (const buffer of Object.values(call.inputs)) for (let i = 0; i < buffer.length; i++) buffer[i] = rng.uniform() - 0.5;
  return { run: () => call.run(), dispose: () => program.dispose() };
}

/** A program that does next to nothing: what it takes is the price of a call, which a step pays once and each bare product anew. */
async function createEmptyCall(device: Device): Promise<Timed> {
  const program = await device.compile(({ x }) => ({ y: tf.add(x!, 1) }), [{ name: 'x', shape: [1], dtype: 'float32' }], { name: 'empty call' });
  const call = program.bind();
  return { run: () => call.run(), dispose: () => program.dispose() };
}

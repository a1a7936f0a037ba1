/** The bare matrix products of a step, each as a graph of its own: the yardstick for the step. */
import { createRng } from '../core/rng.js';
import { tf, type Call, type Device, type Program } from '../engine/index.js';
import type { Product } from './products.js';

export interface BareProduct {
  run(): Promise<void>;
  dispose(): void;
}

/** Operands are fed, the result's buffer is allocated once: nothing is packed ahead of time, nothing is copied. */
export async function createBareProduct(device: Device, product: Product): Promise<BareProduct> {
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
export async function createEmptyCall(device: Device): Promise<BareProduct> {
  const program = await device.compile(({ x }) => ({ y: tf.add(x!, 1) }), [{ name: 'x', shape: [1], dtype: 'float32' }], { name: 'empty call' });
  const call = program.bind();
  return { run: () => call.run(), dispose: () => program.dispose() };
}

/** The bare matrix products of a step, each as a graph of its own: the yardstick for the step. */
import { createRng } from '../core/rng.js';
import { tf, type Call, type Device, type Program } from '../engine/index.js';
import type { Product } from './products.js';

export interface BareProduct {
  product: Product;
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
  return { product, run: () => call.run(), dispose: () => program.dispose() };
}

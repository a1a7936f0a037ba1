/** Runs a function of tensors, and its gradients, on a device and on the pure-JavaScript reference. */
import { createRng } from '../../src/core/rng.js';
import { staticTensor, tf, valueAndGradients, type Buffers, type Device, type Noise, type NoiseKey, type ProgramFunction, type Tensor, type TensorSpec } from '../../src/engine/index.js';
import { expectClose, type Tolerance } from './allclose.js';

export interface Argument {
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool';
  data: Float32Array | Int32Array | Uint8Array;
}

export interface Case {
  name: string;
  inputs: Argument[];
  fn: (inputs: Tensor[], noise: Noise) => Tensor;
  tolerance?: Tolerance;
  /** False where tfjs has no gradient. */
  gradients?: boolean;
}

const rng = createRng('conformance');
const sizeOf = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

/** Uniform in [low, high). */
export const real = (shape: number[], low = -1, high = 1): Argument => ({
  shape, dtype: 'float32', data: Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * rng.uniform()),
});
export const integer = (shape: number[], low: number, high: number): Argument => ({
  shape, dtype: 'int32', data: Int32Array.from({ length: sizeOf(shape) }, () => low + rng.integer(high - low)),
});
export const bool = (shape: number[], p = 0.5): Argument => ({
  shape, dtype: 'bool', data: Uint8Array.from({ length: sizeOf(shape) }, () => Number(rng.bernoulli(p))),
});

const names = (inputs: Argument[]): string[] => inputs.map((_, i) => `x${i}`);

/** The function's result, and the gradients of a fixed linear function of it. */
function programOf({ inputs, fn, gradients = true }: Case): ProgramFunction {
  const isFloat = (i: number): boolean => inputs[i]!.dtype === 'float32';
  return (given, noise) => {
    const once: Noise = { keep: (site, shape, p) => (kept[site] ??= noise.keep(site, shape, p)) };
    const kept: Record<string, Tensor> = {};
    const all = names(inputs).map((name) => given[name]!);
    if (!gradients) return { y: fn(all, once) };
    const parameters = Object.fromEntries(names(inputs).flatMap((name, i) => (isFloat(i) ? [[name, given[name]!]] : [])));
    const result = valueAndGradients<{ y: Tensor }>(() => {
      const y = fn(all, once);
      const weights = staticTensor(Float32Array.from({ length: y.size }, (_, i) => Math.sin(i + 1)), y.shape);
      return { value: tf.sum(tf.mul(tf.cast(y, 'float32'), weights)), y: tf.cast(y, 'float32') };
    }, parameters);
    return { y: result.extra.y, ...result.gradients };
  };
}

export async function runCase(device: Device, test: Case, key: NoiseKey = { seed: 1, step: 1 }): Promise<Buffers> {
  const specs: TensorSpec[] = names(test.inputs).map((name, i) => ({ name, shape: test.inputs[i]!.shape, dtype: test.inputs[i]!.dtype }));
  const program = await device.compile(programOf(test), specs, { name: test.name });
  const call = program.bind(Object.fromEntries(names(test.inputs).map((name, i) => [name, test.inputs[i]!.data])));
  await call.run(key);
  program.dispose();
  return call.outputs;
}

/** Values and every gradient agree. */
export async function expectConforms(device: Device, reference: Device, test: Case): Promise<void> {
  const [actual, expected] = [await runCase(device, test), await runCase(reference, test)];
  for (const [name, values] of Object.entries(expected)) expectClose(actual[name]!, values, `${test.name}: ${name}`, test.tolerance);
}

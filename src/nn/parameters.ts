/** Initial values of parameters. A layer's parameters are a record of leaves: `ParameterInit` before a run, `Tensor` inside a program. */
import type { Rng } from '../core/rng.js';
import { sizeOf } from '../engine/index.js';

export interface ParameterInit {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Whether weight decay applies: matrices yes; biases, norms and tables no. */
  readonly decay: boolean;
}

export const isParameterInit = (node: unknown): node is ParameterInit =>
  typeof node === 'object' && node !== null && (node as ParameterInit).values instanceof Float32Array;

/** Normal draws of the given standard deviation (BERT: 0.02). */
export function normalInit(rng: Rng, shape: readonly number[], { std = 0.02, decay = true } = {}): ParameterInit {
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => std * rng.normal()), decay };
}

/** Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010), for matrices [out, in]. */
export function glorotInit(rng: Rng, shape: readonly [number, number], { decay = true } = {}): ParameterInit {
  const bound = Math.sqrt(6 / (shape[0] + shape[1]));
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * rng.uniform() - 1)), decay };
}

export const constantInit = (shape: readonly number[], value: number): ParameterInit => ({
  shape,
  values: new Float32Array(sizeOf(shape)).fill(value),
  decay: false,
});

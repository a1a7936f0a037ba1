/** Initial values of parameters. A layer's parameters are a record of leaves: `ParameterInit` before a run, `Tensor` inside a program. */
import type { Rng } from '../core/rng.js';
import { sizeOf } from '../engine/index.js';

export interface ParameterInit {
  readonly shape: readonly number[];
  /** Writes the initial values; the same at every call, and only called for parameters that are not loaded. */
  readonly fill: (values: Float32Array) => void;
  /** Whether weight decay applies: matrices yes; biases, norms and tables no. */
  readonly decay: boolean;
}

export const isParameterInit = (node: unknown): node is ParameterInit =>
  typeof node === 'object' && node !== null && typeof (node as ParameterInit).fill === 'function';

export function initialValuesOf({ shape, fill }: ParameterInit): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  fill(values);
  return values;
}

/** Each value drawn anew: splitting off an equal generator makes every call draw the same. */
function drawn(shape: readonly number[], decay: boolean, rng: Rng, draw: (rng: Rng) => number): ParameterInit {
  return {
    shape,
    decay,
    fill(values) {
      const fresh = rng.split();
      for (let i = 0; i < values.length; i++) values[i] = draw(fresh);
    },
  };
}

/** Normal draws of the given standard deviation (BERT: 0.02). */
export const normalInit = (rng: Rng, shape: readonly number[], { std = 0.02, decay = true } = {}): ParameterInit => drawn(shape, decay, rng, (draw) => std * draw.normal());

/** Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010), for matrices [out, in]. */
export function glorotInit(rng: Rng, shape: readonly [number, number], { decay = true } = {}): ParameterInit {
  const bound = Math.sqrt(6 / (shape[0] + shape[1]));
  return drawn(shape, decay, rng, (draw) => bound * (2 * draw.uniform() - 1));
}

export const constantInit = (shape: readonly number[], value: number): ParameterInit => ({ shape, decay: false, fill: (values) => void values.fill(value) });

/** Given values, e.g. of a checkpoint. */
export const valuesInit = (shape: readonly number[], given: ArrayLike<number>, { decay = false } = {}): ParameterInit => ({ shape, decay, fill: (values) => values.set(given) });

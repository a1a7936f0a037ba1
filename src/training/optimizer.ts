/** AdamW (Loshchilov & Hutter 2019) with clipping by the global norm, as programs that update chunks of flat buffers in place. */
import { z } from 'zod';
import { sumOfSquares, tf, type Call, type Device, type Tensor } from '../engine/index.js';
import { CHUNK, type ParameterLayout } from './flat-parameters.js';

/** AdamW and its learning rate. */
export const optimizerSchema = z.strictObject({
  /** At its peak, after `warmup`. */
  learning_rate: z.number().positive().default(1e-3),
  /** Decay of the gradient's running mean. */
  beta1: z.number().min(0).lt(1).default(0.9),
  /** Decay of the squared gradient's running mean. */
  beta2: z.number().min(0).lt(1).default(0.999),
  /** Added to the denominator of an update. */
  epsilon: z.number().positive().default(1e-8),
  /** Share of a weight that an update takes off, times the learning rate; biases and norms are spared. */
  weight_decay: z.number().min(0).default(0.01),
  /** Gradients are scaled down to this global norm; 0 switches clipping off. */
  clip_norm: z.number().min(0).default(1),
  /** Share of all steps over which the rate rises from 0. */
  warmup: z.number().min(0).max(1).default(0.1),
  /**
   * Factor from a layer of the text encoder to the one below it: the top layer learns at `learning_rate`·layer_decay, the one below at
   * ·layer_decay², the embeddings slowest (Clark et al. 2020, as ELECTRA). 1: all alike.
   */
  layer_decay: z.number().gt(0).max(1).default(1),
  /** The rate after `warmup`: down to 0 in a straight line, or as it is. */
  decay: z.enum(['linear', 'constant']).default('linear'),
});
export type OptimizerConfig = z.output<typeof optimizerSchema>;

export interface OptimizerBuffers {
  parameters: Float32Array;
  gradients: Float32Array;
  /** First and second moments. */
  m: Float32Array;
  v: Float32Array;
}

export interface Optimizer {
  /**
   * One update from the summed gradients of `microBatches` micro-batches.
   * @param step 1 for the first update (bias correction)
   * @param check sees the global norm before anything is changed; it throws to call the update off
   * @returns the global norm of the mean gradient before clipping
   */
  update(step: number, learningRate: number, microBatches: number, check?: (globalNorm: number) => void): Promise<number>;
  dispose(): void;
}

/** Positions in the coefficient vector that the update program reads. */
const COEFFICIENTS = 5;
const scalarAt = (vector: Tensor, index: number): Tensor => tf.reshape(tf.slice(vector, [index], [1]), []);

export async function createAdamW(device: Device, layout: ParameterLayout, buffers: OptimizerBuffers, config: OptimizerConfig): Promise<Optimizer> {
  const chunk = (name: string) => ({ name, shape: [CHUNK], dtype: 'float32' as const });
  const { beta1, beta2 } = config;
  const update = await device.compile(
    ({ p, m, v, g, coefficients }) => {
      const [firstShare, secondShare, rate, epsilonRate, keep] = Array.from({ length: COEFFICIENTS }, (_, i) => scalarAt(coefficients!, i));
      const m_ = tf.add(tf.mul(m!, beta1), tf.mul(g!, firstShare!));
      const v_ = tf.add(tf.mul(v!, beta2), tf.mul(tf.square(g!), secondShare!));
      const change = tf.div(tf.mul(m_, rate!), tf.add(tf.sqrt(v_), epsilonRate!));
      return { p_: tf.sub(tf.mul(p!, keep!), change), m_, v_ };
    },
    [...['p', 'm', 'v', 'g'].map(chunk), { name: 'coefficients', shape: [COEFFICIENTS], dtype: 'float32' }],
    { name: 'AdamW', brief: true },
  );
  const norm = await device.compile(({ g }) => ({ squares: sumOfSquares(g!) }), [chunk('g')], { name: 'gradient norm', brief: true });

  const chunks = layout.size / CHUNK;
  const squares = new Float32Array(chunks);
  const coefficientsOf = layout.groups.map(() => new Float32Array(COEFFICIENTS));
  const calls = Array.from({ length: chunks }, (_, i): { update: Call; norm: Call } => {
    const at = (flat: Float32Array): Float32Array => flat.subarray(i * CHUNK, (i + 1) * CHUNK);
    const [p, g, m, v] = [at(buffers.parameters), at(buffers.gradients), at(buffers.m), at(buffers.v)];
    const coefficients = coefficientsOf[layout.groups.findIndex(({ end }) => i * CHUNK < end)]!;
    return {
      update: update.bind({ p, m, v, g, coefficients }, { p_: p, m_: m, v_: v }),
      norm: norm.bind({ g }, { squares: squares.subarray(i, i + 1) }),
    };
  });

  return {
    async update(step, learningRate, microBatches, check) {
      for (const call of calls) await call.norm.run();
      const globalNorm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0)) / microBatches;
      check?.(globalNorm);
      const clip = config.clip_norm > 0 && globalNorm > config.clip_norm ? config.clip_norm / globalNorm : 1;
      layout.groups.forEach(({ decay, rate }, group) => {
        const groupRate = rate * learningRate;
        coefficientsOf[group]!.set([...coefficientsAt(step, groupRate, clip / microBatches, config), decay ? 1 - groupRate * config.weight_decay : 1]);
      });
      for (const call of calls) await call.update.run();
      return globalNorm;
    },
    dispose() {
      update.dispose();
      norm.dispose();
    },
  };
}

/**
 * What the update program multiplies by, worked out once a step so that the program passes over its chunk as seldom as it can:
 * shares of the (scaled) gradient in both moments, and rate·(m/c₁)/(√(v/c₂) + ε) rewritten as (rate·√c₂/c₁)·m/(√v + ε·√c₂).
 */
function coefficientsAt(step: number, learningRate: number, gradientScale: number, { beta1, beta2, epsilon }: OptimizerConfig): number[] {
  const root2 = Math.sqrt(1 - beta2 ** step);
  return [gradientScale * (1 - beta1), gradientScale ** 2 * (1 - beta2), (learningRate * root2) / (1 - beta1 ** step), epsilon * root2];
}

/** Learning rate at a step (from 1) of `total`: linear warm-up, then linear decay to 0 or constant. */
export function learningRateAt(step: number, total: number, { learning_rate, warmup, decay }: OptimizerConfig): number {
  const warm = Math.ceil(warmup * total);
  if (step <= warm) return (learning_rate * step) / warm;
  if (decay === 'constant') return learning_rate;
  return learning_rate * Math.max(0, (total - step + 1) / (total - warm + 1));
}

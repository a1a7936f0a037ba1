import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { openDevice, tf, type Tensor } from '../../src/engine/index.js';
import { constantInit, initialValuesOf, normalInit, type ParameterInit } from '../../src/nn/parameters.js';
import { createRng } from '../../src/core/rng.js';
import { layerRate } from '../../src/encoders/text/depth.js';
import { CHUNK } from '../../src/training/flat-parameters.js';
import { learningRateAt, optimizerSchema } from '../../src/training/optimizer.js';
import { createTrainer } from '../../src/training/trainer.js';
import type { Batch } from '../../src/training/program-cache.js';
import { expectAllClose } from '../support/all-close.js';

type P = { matrix: Tensor; bias: Tensor };

const inits = (): { matrix: ParameterInit; bias: ParameterInit } => ({
  matrix: normalInit(createRng(1), [3, 5], { std: 0.5 }),
  bias: constantInit([3], 0.25),
});
const optimizer = optimizerSchema.parse({ learning_rate: 0.01, weight_decay: 0.1, clip_norm: 0.7 });

const batchOf = (seed: number): Batch => {
  const rng = createRng(seed, 'batch');
  const data = (n: number): Float32Array => Float32Array.from({ length: n }, () => rng.normal());
  return [
    { name: 'x', shape: [7, 5], dtype: 'float32', data: data(35) },
    { name: 'y', shape: [7, 3], dtype: 'float32', data: data(21) },
  ];
};

/** A linear regression: its gradient can be written by hand. */
const loss = (p: P, inputs: Record<string, Tensor>) => ({
  loss: tf.mean(tf.square(tf.sub(tf.add(tf.matMul(inputs['x']!, p.matrix, false, true), p.bias), inputs['y']!))),
});

const newTrainer = async (deviceName: 'cpu' | 'reference' = 'cpu') =>
  createTrainer<P>({ device: await openDevice(deviceName, silentLogger()), inits: inits(), loss, optimizer, seed: 3, name: 'test' });

/** The gradient of the mean squared error, by hand. */
function gradientsByHand(w: Float64Array, b: Float64Array, [x, y]: [Float32Array, Float32Array]): { w: Float64Array; b: Float64Array } {
  const g = { w: new Float64Array(15), b: new Float64Array(3) };
  for (let i = 0; i < 7; i++) {
    for (let o = 0; o < 3; o++) {
      let z = b[o]!;
      for (let k = 0; k < 5; k++) z += w[o * 5 + k]! * x[i * 5 + k]!;
      const d = (2 * (z - y[i * 3 + o]!)) / 21;
      g.b[o]! += d;
      for (let k = 0; k < 5; k++) g.w[o * 5 + k]! += d * x[i * 5 + k]!;
    }
  }
  return g;
}

describe('a training step', () => {
  it('is AdamW with decoupled decay and clipping by the global norm, as computed by hand', async () => {
    const trainer = await newTrainer();
    const start = inits();
    const p = { w: Float64Array.from(initialValuesOf(start.matrix)), b: Float64Array.from(initialValuesOf(start.bias)) };
    const moments = { w: { m: new Float64Array(15), v: new Float64Array(15) }, b: { m: new Float64Array(3), v: new Float64Array(3) } };
    for (let step = 1; step <= 5; step++) {
      const micro = [batchOf(step), batchOf(100 + step)];
      const sum = { w: new Float64Array(15), b: new Float64Array(3) };
      for (const batch of micro) {
        const g = gradientsByHand(p.w, p.b, [batch[0]!.data as Float32Array, batch[1]!.data as Float32Array]);
        g.w.forEach((value, i) => (sum.w[i]! += value / 2));
        g.b.forEach((value, i) => (sum.b[i]! += value / 2));
      }
      const norm = Math.hypot(...sum.w, ...sum.b);
      const clip = Math.min(1, 0.7 / norm);
      for (const key of ['w', 'b'] as const) {
        for (let i = 0; i < p[key].length; i++) {
          const g = sum[key][i]! * clip;
          const { m, v } = moments[key];
          m[i] = 0.9 * m[i]! + 0.1 * g;
          v[i] = 0.999 * v[i]! + 0.001 * g * g;
          const direction = m[i]! / (1 - 0.9 ** step) / (Math.sqrt(v[i]! / (1 - 0.999 ** step)) + 1e-8);
          p[key][i]! -= 0.01 * (direction + (key === 'w' ? 0.1 * p[key][i]! : 0));
        }
      }
      const { gradientNorm } = await trainer.step(step, micro, 0.01);
      expect(Math.abs(gradientNorm - norm)).toBeLessThan(1e-4 * norm);
    }
    expectAllClose(trainer.views['matrix']!, p.w, { rtol: 1e-4, atol: 1e-5, label: 'matrix' });
    expectAllClose(trainer.views['bias']!, p.b, { rtol: 1e-4, atol: 1e-5, label: 'bias' });
  });

  it('gives the same parameters on the reference device', async () => {
    const [compiled, reference] = [await newTrainer('cpu'), await newTrainer('reference')];
    for (let step = 1; step <= 3; step++) for (const trainer of [compiled, reference]) await trainer.step(step, [batchOf(step)], 0.01);
    for (const [name, values] of Object.entries(reference.views)) expectAllClose(compiled.views[name]!, values, { rtol: 1e-5, atol: 1e-6, label: name });
  });

  it('stops at a loss that is not finite, naming the step, and leaves the parameters alone', async () => {
    const trainer = await newTrainer();
    await trainer.step(1, [batchOf(1)], 0.01);
    const before = trainer.parameters.slice();
    const bad = batchOf(2);
    bad[0]!.data[3] = NaN;
    await expect(trainer.step(2, [bad], 0.01)).rejects.toThrow(/test: the loss became NaN at step 2/);
    expect(Buffer.compare(Buffer.from(before.buffer), Buffer.from(trainer.parameters.buffer))).toBe(0);
  });
});

describe('the flat layout', () => {
  it('keeps decayed and other parameters in separate whole chunks', async () => {
    const { layout } = await newTrainer();
    expect(layout.size).toBe(2 * CHUNK);
    expect(layout.groups).toEqual([
      { start: 0, end: CHUNK, decay: true, rate: 1 },
      { start: CHUNK, end: 2 * CHUNK, decay: false, rate: 1 },
    ]);
  });
});

describe('learning rates by layer', () => {
  it('fall by the factor a layer from above the top of the text encoder; other parameters keep the full rate', () => {
    const rates = ['bert.embeddings.LayerNorm.weight', 'bert.encoder.layer.0.output.dense.bias', 'bert.encoder.layer.2.output.dense.bias', 'bert.pooler.dense.weight', 'heads.bias.dx'];
    expect(rates.map((name) => layerRate(name, 0.5, 3))).toEqual([1 / 16, 1 / 8, 1 / 2, 1, 1]);
  });

  it('scale the first AdamW update of a parameter, and its weight decay', async () => {
    const trainer = await createTrainer<P>({
      device: await openDevice('cpu', silentLogger()), inits: inits(), loss, seed: 3, name: 'test',
      optimizer: optimizerSchema.parse({ weight_decay: 0.1, clip_norm: 0 }),
      rateOf: (name) => (name === 'matrix' ? 0.25 : 1),
    });
    const before = initialValuesOf(inits().matrix);
    await trainer.step(1, [batchOf(1)], 0.01);
    // The first step of Adam has length rate × sign(gradient).
    trainer.views['matrix']!.forEach((value, i) => expect(Math.abs(Math.abs(value - before[i]! * (1 - 0.0025 * 0.1)) - 0.0025)).toBeLessThan(2e-6));
    trainer.views['bias']!.forEach((value) => expect(Math.abs(Math.abs(value - 0.25) - 0.01)).toBeLessThan(2e-6));
  });
});

describe('the learning rate', () => {
  it('rises linearly, then falls linearly to one step above zero', () => {
    const config = optimizerSchema.parse({ learning_rate: 1, warmup: 0.2 });
    const rates = Array.from({ length: 10 }, (_, i) => learningRateAt(i + 1, 10, config));
    expectAllClose(rates, [0.5, 1, 8 / 9, 7 / 9, 6 / 9, 5 / 9, 4 / 9, 3 / 9, 2 / 9, 1 / 9], { rtol: 1e-9, atol: 0 });
    expect(learningRateAt(7, 10, { ...config, decay: 'constant' })).toBe(1);
    expect(learningRateAt(1, 10, { ...config, warmup: 0 })).toBeCloseTo(10 / 11, 12);
  });
});

/** The small model that weighs what speaks for a code: an ensemble of perceptrons with one hidden layer on standardised features. */
import { createRng } from '../../src/core/rng.js';
import type { Tree } from '../../src/core/tree.js';
import { bceWithLogits, gelu, tf, type Device, type Noise, type Tensor, type Tensors } from '../../src/engine/index.js';
import { noDropout, trainingDropout, type Dropout } from '../../src/nn/dropout.js';
import { applyLinear } from '../../src/nn/linear.js';
import { initMlp, type Mlp } from '../../src/nn/mlp.js';
import type { ParameterInit } from '../../src/nn/parameters.js';
import { layOut } from '../../src/training/flat-parameters.js';
import { createForward } from '../../src/training/forward.js';
import { learningRateAt, optimizerSchema } from '../../src/training/optimizer.js';
import type { BatchTensor } from '../../src/training/program-cache.js';
import { createTrainer } from '../../src/training/trainer.js';
import type { MixerConfig } from './config.js';

/** R rows of F features. */
export interface MixerRows {
  /** [R, F] */
  features: Float64Array;
  /** [R]: 1 where the note carries the code. */
  gold: Uint8Array;
}

export interface Mixer {
  /** [F] */
  mean: Float32Array;
  /** [F]: standard deviation; 1 where a feature is constant. */
  deviation: Float32Array;
  /** By path. */
  parameters: Record<string, Float32Array>;
}

type Members<Leaf = Tensor> = { [member: string]: Mlp<Leaf> };

export interface MixerOptions {
  /** F */
  width: number;
  config: MixerConfig;
  device: Device;
}

const BATCH = 256;
/** Standardised features beyond it are cut off. */
const FARTHEST = 6;

export async function fitMixer({ features, gold }: MixerRows, { width, config, device }: MixerOptions, seed: number): Promise<Mixer> {
  const scale = moments(features, width);
  const rows = standardised(features, scale);
  const optimizer = optimizerSchema.parse({ learning_rate: config.learning_rate, weight_decay: config.weight_decay, warmup: 0.05, clip_norm: 0 });
  const loss = (members: Members, { x, y, weight }: Tensors, noise: Noise): Tensors & { loss: Tensor } => {
    const dropout = trainingDropout(noise, config.dropout);
    const losses = Object.entries(members).map(([name, p]) => tf.sum(tf.mul(bceWithLogits(logits(p, x!, dropout, name), y!), weight!)));
    return { loss: tf.div(tf.addN(losses), tf.sum(weight!)) };
  };
  const trainer = await createTrainer<Members>({ name: 'coder', device, inits: initMembers(width, config, seed), loss, optimizer, seed });
  try {
    const perEpoch = Math.ceil(gold.length / BATCH);
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      const order = createRng(seed, 'order', epoch).shuffle([...gold.keys()]);
      for (let b = 0; b < perEpoch; b++) {
        const step = epoch * perEpoch + b + 1;
        await trainer.step(step, [batchOf(order.slice(b * BATCH, (b + 1) * BATCH), { rows, gold, width })], learningRateAt(step, perEpoch * config.epochs, optimizer));
      }
    }
    return { ...scale, parameters: Object.fromEntries(Object.entries(trainer.views).map(([path, values]) => [path, values.slice()])) };
  } finally {
    trainer.dispose();
  }
}

/** @returns a function from rows [R, F] to probabilities [R] */
export function openMixer({ mean, deviation, parameters }: Mixer, { width, config, device }: MixerOptions): { probabilities(features: Float64Array): Promise<Float64Array>; dispose(): void } {
  const layout = layOut(initMembers(width, config, 0));
  const values = new Float32Array(layout.size);
  for (const [path, view] of Object.entries(layout.view(values))) view.set(parameters[path]!);
  const average = (members: Members, { x }: Tensors): Tensors => {
    const each = Object.entries(members).map(([name, p]) => tf.sigmoid(logits(p, x!, noDropout, name)));
    return { probability: tf.div(tf.addN(each), each.length) };
  };
  const forward = createForward<Members>({ name: 'coder', device, parameters: [{ layout, values }], fn: average });
  return {
    async probabilities(features) {
      const rows = standardised(features, { mean, deviation });
      const all = new Float64Array(rows.length / width);
      for (let at = 0; at < all.length; at += BATCH) {
        const members = Array.from({ length: Math.min(BATCH, all.length - at) }, (_, i) => at + i);
        const { probability } = await forward.run([inputOf(members, rows, width)]);
        all.set((probability as Float32Array).subarray(0, members.length), at);
      }
      return all;
    },
    dispose: () => forward.dispose(),
  };
}

/** x [B, F] → [B] */
const logits = (p: Mlp, x: Tensor, dropout: Dropout, site: string): Tensor => tf.reshape(applyLinear(p.output, dropout(gelu(applyLinear(p.hidden, x)), site)), [-1]);

const initMembers = (width: number, { members, hidden }: MixerConfig, seed: number): Members<ParameterInit> & Tree<ParameterInit> =>
  Object.fromEntries(Array.from({ length: members }, (_, m) => [`member ${m}`, initMlp(createRng(seed, 'member', m), { inputs: width, hidden, outputs: 1 })]));

function moments(features: Float64Array, width: number): { mean: Float32Array; deviation: Float32Array } {
  const rows = features.length / width;
  const [sums, squares] = [new Float64Array(width), new Float64Array(width)];
  features.forEach((value, i) => {
    sums[i % width]! += value;
    squares[i % width]! += value * value;
  });
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  return { mean, deviation: Float32Array.from(squares, (square, f) => Math.sqrt(Math.max(0, square / rows - (sums[f]! / rows) ** 2)) || 1) };
}

/** @returns the features in standard deviations, float32 */
function standardised(features: Float64Array, { mean, deviation }: Pick<Mixer, 'mean' | 'deviation'>): Float32Array {
  const width = mean.length;
  return Float32Array.from(features, (value, i) => Math.max(-FARTHEST, Math.min(FARTHEST, (value - mean[i % width]!) / deviation[i % width]!)));
}

function inputOf(members: readonly number[], rows: Float32Array, width: number): BatchTensor {
  const data = new Float32Array(BATCH * width);
  members.forEach((row, b) => data.set(rows.subarray(row * width, (row + 1) * width), b * width));
  return { name: 'x', shape: [BATCH, width], dtype: 'float32', data };
}

function batchOf(members: readonly number[], { rows, gold, width }: { rows: Float32Array; gold: Uint8Array; width: number }): BatchTensor[] {
  const [y, weight] = [new Float32Array(BATCH), new Float32Array(BATCH)];
  members.forEach((row, b) => {
    y[b] = gold[row]!;
    weight[b] = 1;
  });
  const column = (name: string, data: Float32Array): BatchTensor => ({ name, shape: [BATCH], dtype: 'float32', data });
  return [inputOf(members, rows, width), column('y', y), column('weight', weight)];
}

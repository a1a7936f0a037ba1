/** Convolutional and recurrent text encoders against plain loops in double precision; gradients by the reference device; padding and chunks. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { silentLogger } from '../../src/core/log.js';
import { flattenTree, unflattenTree, type Tree } from '../../src/core/tree.js';
import { modelSchema, type TextConfig } from '../../src/encoders/config.js';
import { encodeText } from '../../src/encoders/text/encode.js';
import { initTextEncoder, type TextEncoder } from '../../src/encoders/text/text-encoder.js';
import { openDevice, staticTensor, tf, valueAndGradients, type Buffers, type DeviceName, type Tensor, type TensorSpec } from '../../src/engine/index.js';
import { noDropout, trainingDropout } from '../../src/nn/dropout.js';
import { initialValuesOf, isParameterInit } from '../../src/nn/parameters.js';
import { expectAllClose } from '../support/all-close.js';

/** Visits, chunks, tokens of a chunk, width, words. */
const [B, C, W, D, WORDS] = [2, 3, 7, 10, 31];

const configOf = (text: object): TextConfig => modelSchema.parse({ text: { width: D, layers: 1, heads: 2, window: W, max_tokens: C * W, ...text } }).text;

/** Every parameter random, biases and norms too, so that none can be forgotten. */
function parametersOf(config: TextConfig): { path: string; shape: readonly number[]; values: Float32Array }[] {
  const rng = createRng(7);
  return flattenTree(initTextEncoder(rng, config, WORDS) as never, isParameterInit).map(([path, init]) => {
    const draw = rng.split('noise', path);
    return { path, shape: init.shape, values: initialValuesOf(init).map((value) => value + 0.3 * draw.normal()) };
  });
}

/** Chunks of 7, 4 and 0 tokens; of 2, 7 and 1. */
const LENGTHS = [7, 4, 0, 2, 7, 1];
const mask = Uint8Array.from({ length: B * C * W }, (_, i) => Number(i % W < LENGTHS[Math.floor(i / W)]!));
const idsOf = (onPadding: (i: number) => number = () => 0): Int32Array => {
  const rng = createRng(9);
  return Int32Array.from({ length: B * C * W }, (_, i) => [onPadding(i), rng.integer(WORDS)][mask[i]!]!);
};

const specsOf = (config: TextConfig): TensorSpec[] => [
  { name: 'ids', shape: [B, C, W], dtype: 'int32' },
  { name: 'mask', shape: [B, C, W], dtype: 'bool' },
  ...parametersOf(config).map(({ path, shape }) => ({ name: path, shape: [...shape], dtype: 'float32' as const })),
];

const treeOf = (tensors: Record<string, Tensor>): TextEncoder => unflattenTree(Object.entries(tensors)) as Tree<Tensor> as unknown as TextEncoder;

interface RunOptions {
  device?: DeviceName;
  ids?: Int32Array;
  gradients?: boolean;
}

/** `tokens`, `visit`, and with `gradients` those of a fixed linear function of both. */
async function run(config: TextConfig, { device: name = 'cpu', ids = idsOf(), gradients = false }: RunOptions = {}): Promise<Buffers> {
  const parameters = parametersOf(config);
  const device = await openDevice(name, silentLogger());
  const program = await device.compile((inputs, noise) => {
    const encode = (tensors: Record<string, Tensor>) => encodeText(treeOf(tensors), { ids: inputs['ids']!, mask: inputs['mask']! }, config, gradients ? trainingDropout(noise, 0.2) : noDropout);
    const tensors = Object.fromEntries(parameters.map(({ path }) => [path, inputs[path]!]));
    if (!gradients) return { tokens: encode(tensors).tokens_BTD, visit: encode(tensors).visit_BD };
    return valueAndGradients(() => {
      const { tokens_BTD, visit_BD } = encode(tensors);
      const present = tf.reshape(tf.cast(inputs['mask']!, 'float32'), [B, C * W, 1]);
      return tf.add(weighted(tf.mul(tokens_BTD, present)), weighted(visit_BD));
    }, tensors).gradients;
  }, specsOf(config));
  const call = program.bind({ ids, mask, ...Object.fromEntries(parameters.map(({ path, values }) => [path, values])) });
  await call.run({ seed: 1, step: 1 });
  return call.outputs;
}

const weighted = (x: Tensor): Tensor => tf.sum(tf.mul(x, staticTensor(Float32Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)), x.shape)));

/** The same by loops over one token, one feature at a time. @returns [B·C][its tokens][D] */
function byLoops(config: TextConfig, layerOf: (weights: (name: string) => Weights, x: number[][], layer: number) => number[][]): number[][][] {
  const parameters = new Map(parametersOf(config).map((p) => [p.path, p]));
  const weights = (path: string): Weights => {
    const { shape, values } = parameters.get(path)!;
    return { columns: shape.at(-1)!, at: (...index) => values[index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]! };
  };
  const ids = idsOf();
  return LENGTHS.map((length, chunk) => {
    const words = Array.from({ length }, (_, t) => normalised(Array.from({ length: D }, (_, d) => weights('embeddings.word_embeddings.weight').at(ids[chunk * W + t]!, d)), weights, config));
    return Array.from({ length: config.layers }).reduce<number[][]>((x, _, layer) => layerOf(weights, x, layer), words);
  });
}

interface Weights {
  columns: number;
  at(...index: number[]): number;
}

function normalised(x: number[], weights: (path: string) => Weights, { norm_epsilon }: TextConfig): number[] {
  const mean = x.reduce((a, b) => a + b) / D;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / D;
  return x.map((value, d) => ((value - mean) / Math.sqrt(variance + norm_epsilon)) * weights('embeddings.LayerNorm.weight').at(d) + weights('embeddings.LayerNorm.bias').at(d));
}

const affine = (weight: Weights, bias: Weights, x: readonly number[], row: number): number => x.reduce((sum, value, i) => sum + weight.at(row, i) * value, bias.at(row));

const relu = (x: number): number => Math.max(0, x);

/** Neighbours from the left to the right, 0 beyond the ends. */
const convolved = (kernel: number) => (weights: (name: string) => Weights, x: number[][], layer: number): number[][] =>
  x.map((_, t) => {
    const left = t - Math.floor((kernel - 1) / 2);
    const seen = Array.from({ length: kernel }, (_, tap) => x[left + tap] ?? new Array<number>(D).fill(0)).flat();
    const [weight, bias] = ['weight', 'bias'].map((part) => weights(`encoder.layer.${layer}.convolution.${part}`)) as [Weights, Weights];
    return Array.from({ length: D }, (_, d) => relu(affine(weight, bias, seen, d)));
  });

function recurred(weights: (name: string) => Weights, x: number[][], layer: number): number[][] {
  const states = (['forward', 'backward'] as const).map((direction) => {
    const part = (name: string) => weights(`encoder.layer.${layer}.recurrence.${direction}.${name}`);
    const order = direction === 'forward' ? x : x.toReversed();
    let h = new Array<number>(D / 2).fill(0);
    const read = order.map((token) => (h = h.map((before, s) => {
      const z = 1 / (1 + Math.exp(-affine(part('gate.weight'), part('gate.bias'), token, s)));
      return (1 - z) * before + z * affine(part('candidate.weight'), part('candidate.bias'), token, s);
    })));
    return direction === 'forward' ? read : read.toReversed();
  });
  return x.map((_, t) => [...states[0]![t]!, ...states[1]![t]!]);
}

/** What stands at tokens that are there. */
const present = (tokens: ArrayLike<number>): number[] => Array.from(mask).flatMap((there, i) => (there ? Array.from({ length: D }, (_, d) => tokens[i * D + d]!) : []));

const encoders: [string, TextConfig, Parameters<typeof byLoops>[1]][] = [
  ['a convolution of 5', configOf({ encoder: 'cnn', activation: 'relu' }), convolved(5)],
  ['convolutions of 4, two layers', configOf({ encoder: 'cnn', activation: 'relu', kernel: 4, layers: 2 }), convolved(4)],
  ['a convolution wider than a chunk', configOf({ encoder: 'cnn', activation: 'relu', kernel: 17 }), convolved(17)],
  ['a convolution of 1', configOf({ encoder: 'cnn', activation: 'relu', kernel: 1 }), convolved(1)],
  ['a recurrence', configOf({ encoder: 'rnn' }), recurred],
  ['recurrences, two layers', configOf({ encoder: 'rnn', layers: 2 }), recurred],
];

describe.each(encoders)('%s', (_, config, layer) => {
  it('computes what a loop over the tokens of each chunk does', async () => {
    const { tokens } = await run(config);
    expectAllClose(present(tokens!), byLoops(config, layer).flat(2), { rtol: 2e-5, atol: 2e-6, label: 'tokens' });
  });

  it('does not see what stands on padding', async () => {
    const [before, after] = [await run(config), await run(config, { ids: idsOf((i) => (i * 5) % WORDS) })];
    expect(present(after['tokens']!)).toEqual(present(before['tokens']!));
    expect(after['visit']).toEqual(before['visit']);
  });

  it('has the reference\'s gradients, all of them', async () => {
    const [compiled, reference] = [await run(config, { gradients: true }), await run(config, { gradients: true, device: 'reference' })];
    for (const [name, gradient] of Object.entries(reference)) {
      expect(gradient.some((value) => value !== 0), name).toBe(true);
      expectAllClose(compiled[name]!, gradient, { rtol: 2e-4, atol: 5e-6, label: name });
    }
  });
});

describe('the recurrence', () => {
  it('stays finite over a long chunk, whatever its gates say', async () => {
    const config = configOf({ encoder: 'rnn', window: 997, max_tokens: 997 });
    const device = await openDevice('cpu', silentLogger());
    const parameters = parametersOf(config).map((one) => (one.path.includes('gate.') ? { ...one, values: one.values.map((value) => 100 * value) } : one));
    const specs: TensorSpec[] = [{ name: 'ids', shape: [1, 1, 997], dtype: 'int32' }, { name: 'mask', shape: [1, 1, 997], dtype: 'bool' }, ...specsOf(config).slice(2)];
    const program = await device.compile((inputs) => {
      const tensors = Object.fromEntries(parameters.map(({ path }) => [path, inputs[path]!]));
      return valueAndGradients(() => weighted(encodeText(treeOf(tensors), { ids: inputs['ids']!, mask: inputs['mask']! }, config, noDropout).tokens_BTD), tensors).gradients;
    }, specs);
    const ids = Int32Array.from({ length: 997 }, (_, i) => (i * i) % WORDS);
    const call = program.bind({ ids, mask: new Uint8Array(997).fill(1), ...Object.fromEntries(parameters.map(({ path, values }) => [path, values])) });
    await call.run();
    for (const [name, gradient] of Object.entries(call.outputs)) expect(gradient.every(Number.isFinite), name).toBe(true);
  });

  it('starts with memories from one token to the whole window', () => {
    const config = configOf({ encoder: 'rnn', width: 2 * 3, window: 128, max_tokens: 128, heads: 1 });
    const { encoder } = initTextEncoder(createRng(1), config, WORDS);
    const { recurrence } = encoder!.layer['0'] as unknown as { recurrence: { forward: { gate: { bias: never } } } };
    const remembered = initialValuesOf(recurrence.forward.gate.bias).map((bias) => 1 + Math.exp(-bias));
    expectAllClose(remembered, [2, 16, 128], { rtol: 1e-5, atol: 0 });
  });
});

describe('pooling', () => {
  it('takes the highest of each feature over the tokens that are there', async () => {
    const config = configOf({ encoder: 'cnn', activation: 'relu', pooling: 'max' });
    const chunks = byLoops(config, convolved(5));
    const { visit } = await run(config);
    const [weight, bias] = ['weight', 'bias'].map((part) => parametersOf(config).find(({ path }) => path === `pooler.dense.${part}`)!.values);
    const expected = Array.from({ length: B }, (_, b) => {
      const tokens = chunks.slice(b * C, (b + 1) * C).flat();
      const highest = Array.from({ length: D }, (_, d) => Math.max(...tokens.map((token) => token[d]!)));
      return Array.from(bias!, (start, row) => Math.tanh(highest.reduce((sum, value, d) => sum + weight![row * D + d]! * value, start)));
    });
    expectAllClose(visit!, expected.flat(), { rtol: 2e-5, atol: 2e-6, label: 'visit' });
  });
});

describe('the configuration', () => {
  it.each([
    [{ encoder: 'cnn', checkpoint: 'bert-base-uncased' }, /text\.checkpoint/],
    [{ encoder: 'rnn', checkpoint: 'bert-base-uncased' }, /text\.checkpoint/],
    [{ encoder: 'rnn', width: 9 }, /even number, got 9/],
    [{ encoder: 'cnn', pooling: 'cls' }, /pooling: mean or max/],
    [{ encoder: 'lstm' }, /transformer/],
  ])('refuses %o', (text, message) => {
    const parsed = modelSchema.safeParse({ text });
    expect(parsed.success).toBe(false);
    expect(parsed.error!.message).toMatch(message);
  });

  it('does not ask a recurrence for heads that divide its width', () => {
    expect(modelSchema.safeParse({ text: { encoder: 'rnn', width: 22, heads: 4 } }).success).toBe(true);
    expect(modelSchema.safeParse({ text: { width: 22, heads: 4 } }).success).toBe(false);
  });

  it('leaves the words where the Transformer of the same seed has them', () => {
    const words = (encoder: string) => initialValuesOf(initTextEncoder(createRng(3), configOf({ encoder }), WORDS).embeddings!.word_embeddings.weight);
    expect(words('cnn')).toEqual(words('transformer'));
    expect(words('rnn')).toEqual(words('transformer'));
  });
});

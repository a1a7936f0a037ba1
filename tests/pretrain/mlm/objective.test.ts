import { beforeAll, describe, expect, it } from 'vitest';
import { initHead, maskedAccuracy, maskedLanguageLogits, maskedLanguageLoss, type MaskedLanguageModel } from '../../../pretrain/mlm/objective.js';
import { silentLogger } from '../../../src/core/log.js';
import { createRng } from '../../../src/core/rng.js';
import { flattenTree, unflattenTree, type Tree } from '../../../src/core/tree.js';
import { modelSchema, type TextConfig } from '../../../src/encoders/config.js';
import { initBert } from '../../../src/encoders/text/bert.js';
import { openDevice, tf, valueAndGradients, type Buffers, type Device, type Tensors } from '../../../src/engine/index.js';
import { noDropout } from '../../../src/nn/dropout.js';
import { initialValuesOf, isParameterInit, type ParameterInit } from '../../../src/nn/parameters.js';
import { expectClose } from '../../engine/allclose.js';

const [BATCH, CHUNKS, WIDTH, DEPTH, WORDS] = [3, 2, 7, 10, 29] as const;
const PLACES = BATCH * CHUNKS * WIDTH;

const textConfig = (overrides: object = {}): TextConfig =>
  modelSchema.parse({ text: { width: DEPTH, layers: 1, heads: 2, feed_forward: 13, window: 7, max_tokens: 14, norm_epsilon: 1e-5, ...overrides } }).text;

type Values = Record<string, { shape: readonly number[]; data: Float32Array }>;

/** Initial values, all of them moved off 0 and 1. */
function valuesOf(config: TextConfig): Values {
  const bias = Float32Array.from({ length: WORDS }, (_, i) => Math.sin(i));
  const { pooler: _, ...bert } = initBert(createRng(1), config, WORDS);
  const inits = { bert, ...initHead(createRng(2), config, bias) } as Tree<ParameterInit>;
  const noise = createRng(3);
  return Object.fromEntries(flattenTree(inits, isParameterInit).map(([path, init]) => [path, { shape: init.shape, data: initialValuesOf(init).map((x) => x + 0.3 * noise.normal()) }]));
}

const rng = createRng(4);
const ids = Int32Array.from({ length: PLACES }, () => rng.integer(WORDS));
const mask = Uint8Array.from({ length: PLACES }, (_, i) => Number(i % WIDTH < 5));
const places = Int32Array.of(0, 3, 4, 8, 30, 39, 0, 0);
const batch = {
  'text.ids': { shape: [BATCH, CHUNKS, WIDTH], dtype: 'int32', data: ids },
  'text.mask': { shape: [BATCH, CHUNKS, WIDTH], dtype: 'bool', data: mask },
  'masked.positions': { shape: [8], dtype: 'int32', data: places },
  'masked.targets': { shape: [8], dtype: 'int32', data: Int32Array.of(5, 28, 5, 0, 11, 17, 3, 9) },
  // The last two are padding.
  'masked.weights': { shape: [8], dtype: 'float32', data: Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0) },
} as const;
type BatchOf = Record<string, { shape: readonly number[]; dtype: 'int32' | 'bool' | 'float32'; data: Int32Array | Uint8Array | Float32Array }>;

async function run(device: Device, values: Values, config: TextConfig, given: BatchOf = batch): Promise<Buffers> {
  const specs = [
    ...Object.entries(values).map(([name, { shape }]) => ({ name, shape, dtype: 'float32' as const })),
    ...Object.entries(given).map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
  ];
  const program = await device.compile(
    (inputs) => {
      const leaves = Object.fromEntries(Object.keys(values).map((name) => [name, inputs[name]!]));
      const { value, gradients, extra } = valueAndGradients<Tensors>((p) => {
        const logits = maskedLanguageLogits(unflattenTree(Object.entries(p)) as unknown as MaskedLanguageModel, inputs, config, noDropout);
        return { value: maskedLanguageLoss(logits, inputs), logits: tf.clone(logits), accuracy: maskedAccuracy(logits, inputs) };
      }, leaves);
      return { loss: value, ...extra, ...gradients };
    },
    specs,
    { name: 'mlm' },
  );
  const call = program.bind(Object.fromEntries([...Object.entries(values), ...Object.entries(given)].map(([name, { data }]) => [name, data])));
  await call.run({ seed: 1, step: 1 });
  program.dispose();
  return call.outputs;
}

let cpu: Device;
let reference: Device;
beforeAll(async () => {
  [cpu, reference] = [await openDevice('cpu', silentLogger()), await openDevice('reference', silentLogger())];
});

const withData = (name: keyof typeof batch, data: Int32Array | Float32Array): BatchOf => ({ ...batch, [name]: { ...batch[name], data, shape: [data.length] } });

describe.each(['bert', 'roberta'] as const)('the loss of a %s', (family) => {
  const config = textConfig({ family });
  const values = valuesOf(config);

  it('and its gradients are those of the reference backend', async () => {
    const [actual, expected] = [await run(cpu, values, config), await run(reference, values, config)];
    expect(Object.keys(expected)).toHaveLength(3 + Object.keys(values).length);
    for (const name of Object.keys(expected)) expectClose(actual[name]!, expected[name]!, name, { relative: 1e-3, absolute: 2e-5 });
    const moved = Object.keys(values).filter((name) => expected[name]!.some((gradient) => gradient !== 0));
    expect(moved).toEqual(Object.keys(values));
  });

  it('is that of the logits at all places, picked out afterwards', async () => {
    const everywhere = Int32Array.from({ length: PLACES }, (_, i) => i);
    const all = await run(cpu, values, config, {
      ...withData('masked.positions', everywhere),
      'masked.targets': { shape: [PLACES], dtype: 'int32', data: everywhere.map((_, i) => batch['masked.targets'].data[places.indexOf(i)] ?? 0) },
      'masked.weights': { shape: [PLACES], dtype: 'float32', data: Float32Array.from(everywhere, (i) => Number(places.includes(i))) },
    });
    const gathered = await run(cpu, values, config);
    expectClose(gathered['loss']!, all['loss']!, 'loss', { relative: 1e-5 });
    for (const name of Object.keys(values)) expectClose(gathered[name]!, all[name]!, name, { relative: 1e-3, absolute: 1e-5 });
    expectClose(gathered['logits']!.subarray(WORDS, 2 * WORDS), all['logits']!.subarray(3 * WORDS, 4 * WORDS), 'logits at place 3', { relative: 1e-4, absolute: 1e-5 });
  });

  it('does not depend on what padding says', async () => {
    const one = await run(cpu, values, config);
    const other = await run(cpu, values, config, withData('masked.targets', Int32Array.of(5, 28, 5, 0, 11, 17, 22, 1)));
    for (const name of ['loss', 'accuracy', ...Object.keys(values)]) expect(other[name], name).toEqual(one[name]);
  });
});

describe('the loss, computed in plain JavaScript', () => {
  const normalise = (x: number[], scale: Float32Array, shift: Float32Array): number[] => {
    const mean = x.reduce((a, b) => a + b, 0) / x.length;
    const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[i]! + shift[i]!);
  };
  const product = (weight: Float32Array, x: number[]): number[] => Array.from({ length: weight.length / x.length }, (_, row) => x.reduce((sum, value, i) => sum + weight[row * x.length + i]! * value, 0));

  it('without layers: embeddings, head, softmax', async () => {
    const config = textConfig({ layers: 0, activation: 'relu' });
    const values = valuesOf(config);
    const of = (name: string): Float32Array => values[name]!.data;
    const row = (name: string, i: number): Float32Array => of(name).subarray(i * DEPTH, (i + 1) * DEPTH);
    const losses = [0, 1, 2, 3, 4, 5].map((k) => {
      const at = places[k]!;
      const [word, place, type] = [row('bert.embeddings.word_embeddings.weight', ids[at]!), row('bert.embeddings.position_embeddings.weight', at % WIDTH), row('bert.embeddings.token_type_embeddings.weight', 0)];
      const embedded = normalise(Array.from(word, (x, i) => x + place[i]! + type[i]!), of('bert.embeddings.LayerNorm.weight'), of('bert.embeddings.LayerNorm.bias'));
      const head = 'cls.predictions.transform';
      const dense = product(of(`${head}.dense.weight`), embedded).map((x, i) => Math.max(0, x + of(`${head}.dense.bias`)[i]!));
      const logits = product(of('bert.embeddings.word_embeddings.weight'), normalise(dense, of(`${head}.LayerNorm.weight`), of(`${head}.LayerNorm.bias`))).map((x, i) => x + of('cls.predictions.bias')[i]!);
      return Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)) - logits[batch['masked.targets'].data[k]!]!;
    });
    const expected = losses.reduce((a, b) => a + b, 0) / 6;
    expect((await run(cpu, values, config))['loss']![0]).toBeCloseTo(expected, 4);
  });

  it('of a head that says nothing is what the bias says', async () => {
    const config = textConfig();
    const values = Object.fromEntries(Object.entries(valuesOf(config)).map(([name, { shape, data }]) => [name, { shape, data: name.includes('LayerNorm.bias') ? data.map(() => 0) : data }]));
    const shares = Array.from({ length: WORDS }, (_, i) => (i === 5 ? 0.5 : 0.5 / (WORDS - 1)));
    const silent = { ...values, 'cls.predictions.transform.dense.weight': zeros(values, 'cls.predictions.transform.dense.weight'), 'cls.predictions.transform.dense.bias': zeros(values, 'cls.predictions.transform.dense.bias'), 'cls.predictions.bias': { shape: [WORDS], data: Float32Array.from(shares, Math.log) } };
    const { loss, accuracy } = await run(cpu, silent, config);
    // Targets 5, 28, 5, 0, 11, 17: twice −log ½, four times −log 1/56; the best guess, 5, is right twice in six.
    expect(loss![0]).toBeCloseTo((2 * Math.LN2 + 4 * Math.log(56)) / 6, 5);
    expect(accuracy![0]).toBeCloseTo(1 / 3, 6);
  });
});

const zeros = (values: Values, name: string) => ({ shape: values[name]!.shape, data: values[name]!.data.map(() => 0) });

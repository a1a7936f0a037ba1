/** The text encoder against PyTorch: every layer's output, and the pooler's, of checkpoints of every kind that is read. */
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { readSafetensors, type StoredTensor } from '../../src/core/safetensors.js';
import { unflattenTree, type Tree } from '../../src/core/tree.js';
import type { Bert } from '../../src/encoders/text/bert.js';
import { encodeText, hiddenStates } from '../../src/encoders/text/encode.js';
import { modelSchema, type TextConfig } from '../../src/encoders/config.js';
import { openDevice, type Buffers, type DeviceName, type Tensor, type TensorSpec } from '../../src/engine/index.js';
import { loadTextEncoder, type TextEncoder } from '../../src/huggingface/load.js';
import { noDropout } from '../../src/nn/dropout.js';
import { checkpoint, CHECKPOINTS, goldenFile } from '../huggingface/fixtures.js';

type Golden = Record<string, StoredTensor>;

const TOLERANCE = 1e-5;

const textConfig = ({ architecture }: TextEncoder, length: number): TextConfig =>
  modelSchema.parse({ text: { ...architecture, window: length, max_tokens: length, pooling: 'cls' } }).text;

/** `hidden.i` as in the golden file, and `pooled` where the checkpoint has a pooler. */
async function run(deviceName: DeviceName, encoder: TextEncoder, golden: Golden): Promise<Buffers> {
  const [batch, length] = golden['ids']!.shape as [number, number];
  const config = textConfig(encoder, length);
  const parameters = Object.entries(encoder.tensors);
  const hasPooler = 'pooler.dense.weight' in encoder.tensors;
  const specs: TensorSpec[] = [
    { name: 'ids', shape: [batch, 1, length], dtype: 'int32' },
    { name: 'mask', shape: [batch, 1, length], dtype: 'bool' },
    ...parameters.map(([name, { shape }]) => ({ name, shape: [...shape], dtype: 'float32' as const })),
  ];
  const device = await openDevice(deviceName, silentLogger());
  const program = await device.compile((inputs) => {
    const bert = unflattenTree(parameters.map(([name]) => [name, inputs[name]!] as const)) as Tree<Tensor> as unknown as Bert;
    const text = { ids: inputs['ids']!, mask: inputs['mask']! };
    const states = hiddenStates(bert, text, config, noDropout).map((state, i) => [`hidden.${i}`, state] as const);
    return { ...Object.fromEntries(states), ...(hasPooler ? { pooled: encodeText(bert, text, config, noDropout).visit_BD } : {}) };
  }, specs);
  const call = program.bind({ ids: golden['ids']!.data, mask: Uint8Array.from(golden['mask']!.data), ...Object.fromEntries(parameters.map(([name, { data }]) => [name, data])) });
  await call.run({ seed: 1, step: 1 });
  return call.outputs;
}

/** RoBERTa gives padding a row of the position table that no token has; nothing reads what comes out there. */
function largestDifference(actual: ArrayLike<number>, name: string, { architecture }: TextEncoder, golden: Golden): number {
  const expected = golden[name]!;
  expect(actual).toHaveLength(expected.data.length);
  const skipped = (i: number): boolean => architecture.family === 'roberta' && name !== 'pooled' && golden['mask']!.data[Math.floor(i / architecture.width)] === 0;
  return Array.from(expected.data).reduce((most, value, i) => (skipped(i) ? most : Math.max(most, Math.abs(actual[i]! - value))), 0);
}

describe.each(['cpu', 'reference'] as const)('on %s', (device) => {
  it.each(CHECKPOINTS)('%s computes what PyTorch does', async (name) => {
    const [encoder, golden] = [loadTextEncoder(checkpoint(name)), readSafetensors(goldenFile(name))];
    const outputs = await run(device, encoder, golden);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(golden).filter((key) => key !== 'ids' && key !== 'mask').sort());
    for (const key of Object.keys(outputs)) expect(largestDifference(outputs[key]!, key, encoder, golden), key).toBeLessThan(TOLERANCE);
  });
});

describe('the golden comparison', () => {
  it.each([
    ['a wrong activation', { activation: 'relu' }],
    ['a norm epsilon of 1e-3', { norm_epsilon: 1e-3 }],
    ['one head for two', { heads: 1 }],
    ['positions that start at 1', { position_offset: 1 }],
  ] as const)('would notice %s', async (_, change) => {
    const golden = readSafetensors(goldenFile('bert'));
    const { architecture, tensors } = loadTextEncoder(checkpoint('bert'));
    const changed = { architecture: { ...architecture, ...change }, tensors };
    const outputs = await run('cpu', changed, golden);
    expect(largestDifference(outputs['hidden.3']!, 'hidden.3', changed, golden)).toBeGreaterThan(100 * TOLERANCE);
  });
});

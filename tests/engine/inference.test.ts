/** Inference programs: the spelling they take, and that it changes nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { silentLogger } from '../../src/core/log.js';
import { attention, feedForward, linear, openDevice, tf, trace, valueAndGradients, type CompileOptions, type Device, type Tensors, type TensorSpec } from '../../src/engine/index.js';
import { quantizeWeight } from '../../src/engine/ops/quantized.js';
import { expectClose } from './allclose.js';

const rng = createRng('inference');
const draw = (length: number, scale = 1): Float32Array => Float32Array.from({ length }, () => scale * (2 * rng.uniform() - 1));
const spec = (name: string, shape: number[], dtype: TensorSpec['dtype'] = 'float32'): TensorSpec => ({ name, shape, dtype });

describe('attention', () => {
  const inputs = [spec('x', [2, 257, 26]), spec('mask', [2, 257], 'bool')];
  const attend = ({ x, mask }: Tensors) => {
    const bias = tf.reshape(tf.mul(tf.sub(tf.cast(mask!, 'float32'), 1), 1e9), [2, 1, 1, 257]);
    return { y: attention(x!, x!, x!, { heads: 2, bias }) };
  };

  it('is fused in inference only, and only where ONNX Runtime’s own operators may be used', () => {
    const operators = (options = {}, fn: typeof attend = attend) => trace(fn, inputs, options).stats.operators;
    expect(operators()).toMatchObject({ If: 2, MultiHeadAttention: 2, Softmax: 2 });
    expect(operators({ standardOnly: true })).not.toHaveProperty('MultiHeadAttention');
    const differentiated = ({ x, mask }: Tensors) => ({ y: valueAndGradients((p) => tf.sum(attend({ x: p.x!, mask: mask! }).y), { x: x! }).gradients.x! });
    expect(operators({}, differentiated)).not.toHaveProperty('MultiHeadAttention');
  });

  it.each([[514, 'a full batch'], [389, 'gaps'], [257, 'a row with nothing to read'], [0, 'nothing to read at all']])('agrees with the reference: %i keys present (%s)', async (present) => {
    const x = draw(2 * 257 * 26);
    const mask = Uint8Array.from({ length: 514 }, (_, i) => Number(i < present));
    const [actual, expected] = await Promise.all(['cpu', 'reference'].map(async (name) => {
      const call = (await (await openDevice(name, silentLogger())).compile(attend, inputs)).bind({ x, mask });
      await call.run();
      return call.outputs.y!;
    }));
    expectClose(actual!, expected!, 'y', { absolute: 1e-5 });
  });

  it('gives a row the same bits whatever stands beside it', async () => {
    const program = await (await openDevice('cpu', silentLogger())).compile(attend, inputs);
    const x = draw(2 * 257 * 26);
    const results = await Promise.all([514, 389].map(async (present) => {
      const call = program.bind({ x, mask: Uint8Array.from({ length: 514 }, (_, i) => Number(i < present)) });
      await call.run();
      return call.outputs.y!.slice(0, 257 * 26);
    }));
    expect(results[0]).toEqual(results[1]);
    program.dispose();
  });

  it('explains shapes that do not fit', () => {
    const wrong = (heads: number, shape: number[]) => () => trace(({ x, y }) => ({ z: attention(x!, y!, y!, { heads }) }), [spec('x', [2, 3, 10]), spec('y', shape)]);
    expect(wrong(2, [2, 5, 8])).toThrow('attention: queries [2,3,10], keys [2,5,8], values [2,5,8]; expected [B, T, D], [B, S, D] and [B, S, E]');
    expect(wrong(3, [2, 5, 10])).toThrow('their widths must be multiples of the 3 heads');
  });
});

describe('int8', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice('cpu', silentLogger());
  });

  it('quantises each block of each output by itself', () => {
    const row = (...values: number[]): number[] => [...values, ...new Array<number>(128 - values.length).fill(0)];
    const { values, scales, blocks } = quantizeWeight([...row(127, -254, 0.9), 3, -3, ...row(), 1, 0], [2, 130]);
    expect(blocks).toBe(2);
    expect([...scales]).toEqual([2, 3 / 127, 1, 1 / 127].map(Math.fround));
    const block = (b: number): number[] => [...values.subarray(b * 128, (b + 1) * 128)].map((value) => value - 128);
    expect([0, 1, 2, 3].map(block)).toEqual([row(64, -127, 0), row(127, -127), row(), row(127)]);
  });

  it('is near float32, and far cheaper to store', async () => {
    const shapes = { w1: [607, 253], b1: [607], w2: [37, 607], b2: [37] };
    const weights = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape, data: draw(shape.reduce((a, b) => a * b), 0.1) }]));
    const block = ({ x, w1, b1, w2, b2 }: Tensors) => ({ y: feedForward(x!, { weight: w1!, bias: b1! }, { weight: w2!, bias: b2! }) });
    const x = draw(11 * 253);
    const run = async (options: CompileOptions) => {
      const program = await device.compile(block, [spec('x', [11, 253])], { weights, ...options });
      const call = program.bind({ x });
      await call.run();
      return { y: Float32Array.from(call.outputs.y!), bytes: program.stats.constantBytes, operators: program.stats.operators };
    };
    const [exact, quantized] = [await run({}), await run({ quantize: 'int8' })];
    expect(quantized.operators).toMatchObject({ MatMulNBits: 2 });
    expect(quantized.bytes).toBeLessThan(0.4 * exact.bytes);
    const norm = (values: Float32Array): number => Math.hypot(...values);
    const error = norm(quantized.y.map((value, i) => value - exact.y[i]!)) / norm(exact.y);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.02);
  });

  it('leaves layers whose weights are inputs as they are', () =>
    expect(trace(({ x, w }) => ({ y: linear(x!, w!) }), [spec('x', [3, 5]), spec('w', [7, 5])], { quantize: 'int8' }).stats.operators).toEqual({ Gemm: 1 }));
});

/** Programs: buffers, aliasing, names, limits and errors. */
import { beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { linear, openDevice, staticTensor, tf, valueAndGradients, type Device, type TensorSpec } from '../../src/engine/index.js';
import { CONSTANT_CAP } from '../../src/engine/recorder.js';
import { trace } from '../../src/engine/trace.js';

const vector = (name: string, length: number): TensorSpec => ({ name, shape: [length], dtype: 'float32' });

describe.each(['cpu', 'reference'])('on %s', (name) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(name, silentLogger());
  });

  it('writes an output over an input', async () => {
    const program = await device.compile(({ p, g }) => ({ next: tf.sub(p!, tf.mul(g!, 0.5)) }), [vector('p', 3), vector('g', 3)]);
    const p = Float32Array.of(1, 2, 3);
    const call = program.bind({ p, g: Float32Array.of(2, 4, 6) }, { next: p });
    await call.run();
    await call.run();
    expect([...p]).toEqual([-1, -2, -3]);
    program.dispose();
  });

  it('works on views of larger buffers, and leaves the rest alone', async () => {
    const program = await device.compile(({ x }) => ({ y: tf.add(x!, 1) }), [vector('x', 2)]);
    const flat = Float32Array.of(9, 1, 2, 9);
    await program.bind({ x: flat.subarray(1, 3) }, { y: flat.subarray(1, 3) }).run();
    expect([...flat]).toEqual([9, 2, 3, 9]);
    program.dispose();
  });

  it('reads its inputs anew at each run', async () => {
    const program = await device.compile(({ x }) => ({ y: tf.mul(x!, x!) }), [vector('x', 2)]);
    const call = program.bind();
    for (const value of [2, 3]) {
      call.inputs.x!.fill(value);
      await call.run();
      expect([...call.outputs.y!]).toEqual([value * value, value * value]);
    }
    program.dispose();
  });

  it('has one program a signature', async () => {
    const double = ({ x }: { x?: ReturnType<typeof tf.scalar> }) => ({ y: tf.mul(x as never, 2) as never });
    const [two, five] = await Promise.all([device.compile(double as never, [vector('x', 2)]), device.compile(double as never, [vector('x', 5)])]);
    await Promise.all([two!.bind().run(), five!.bind().run()]);
    expect([two!.outputs[0]!.shape, five!.outputs[0]!.shape]).toEqual([[2], [5]]);
  });

  it('tells used from unused inputs, and takes all types', async () => {
    const specs: TensorSpec[] = [{ name: 'flag', shape: [2], dtype: 'bool' }, vector('unused', 4), { name: 'i', shape: [2], dtype: 'int32' }];
    const program = await device.compile(({ flag, i }) => ({ not: tf.logicalNot(flag!), next: tf.add(i!, tf.scalar(1, 'int32')) }), specs);
    expect(program.inputs.map((s) => s.name)).toEqual(['flag', 'i']);
    expect(program.unusedInputs.map((s) => s.name)).toEqual(['unused']);
    const call = program.bind({ flag: Uint8Array.of(1, 0), i: Int32Array.of(-1, 2 ** 30) });
    await call.run();
    expect([...call.outputs.not!]).toEqual([0, 1]);
    expect([...call.outputs.next!]).toEqual([0, 2 ** 30 + 1]);
  });

  it('lets outputs be inputs, constants, each other, and share inputs’ names', async () => {
    const program = await device.compile(({ x }) => { const y = tf.add(x!, 1); return { x: tf.mul(x!, 3), same: x!, one: tf.ones([2]), y, again: y }; }, [vector('x', 2)]);
    const call = program.bind({ x: Float32Array.of(1, 2) });
    await call.run();
    expect(Object.fromEntries(Object.entries(call.outputs).map(([k, v]) => [k, [...v]]))).toEqual({ x: [3, 6], same: [1, 2], one: [1, 1], y: [2, 3], again: [2, 3] });
    expect([...call.inputs.x!]).toEqual([1, 2]);
  });

  it('bakes weights in', async () => {
    const weights = { w: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } };
    const program = await device.compile(({ x, w }) => ({ y: linear(x!, w!) }), [{ name: 'x', shape: [1, 2], dtype: 'float32' }], { weights });
    const call = program.bind({ x: Float32Array.of(1, 10) });
    await call.run();
    expect([...call.outputs.y!]).toEqual([21, 43, 65]);
    expect(program.inputs.map((s) => s.name)).toEqual(['x']);
  });

  it('gives zeros for parameters that do not matter, and hands out extras', async () => {
    const program = await device.compile(({ a, b }) => {
      const { value, gradients, extra } = valueAndGradients((p) => ({ value: tf.sum(tf.square(p.a!)), twice: tf.mul(p.a!, 2) }), { a: a!, b: b! });
      return { value, da: gradients.a!, db: gradients.b!, twice: extra.twice! };
    }, [vector('a', 2), vector('b', 3)]);
    const call = program.bind({ a: Float32Array.of(1, 2) });
    await call.run();
    expect([...call.outputs.da!, ...call.outputs.db!, ...call.outputs.twice!, ...call.outputs.value!]).toEqual([2, 4, 0, 0, 0, 2, 4, 5]);
  });

  it('explains a wrong buffer', async () => {
    const program = await device.compile(({ x }) => ({ y: tf.add(x!, 1) }), [vector('x', 2)]);
    expect(() => program.bind({ x: new Float32Array(3) })).toThrow('the buffer for "x" is a Float32Array of 3; expected a Float32Array of 2');
    expect(() => program.bind({ x: new Int32Array(2) })).toThrow('expected a Float32Array of 2');
  });
});

describe('limits', () => {
  const large = new Float32Array(CONSTANT_CAP / 4 + 1).map((_, i) => i);
  it('refuses a large captured constant', () =>
    expect(() => trace(() => ({ y: tf.add(tf.tensor1d(large), 1) }), [], { name: 'greedy' })).toThrow(/float32 \[16385\].*staticTensor/));
  it('takes a large static tensor, and large uniform ones cost nothing', () => {
    expect(trace(() => ({ y: tf.square(staticTensor(large, [large.length])) }), []).stats.constantBytes).toBe(large.byteLength);
    expect(trace(({ x }) => ({ y: tf.add(x!, tf.ones([1000, 1000])) }), [{ name: 'x', shape: [1000, 1000], dtype: 'float32' }]).stats.constantBytes).toBeLessThan(100);
  });
  it('names an unsupported kernel and the program', () =>
    expect(() => trace(({ x }) => ({ y: tf.einsum('ij->ji', x!) }), [{ name: 'x', shape: [2, 3], dtype: 'float32' }], { name: 'label attention' })).toThrow(/label attention: the tfjs kernel Einsum has no ONNX spelling/));
  it('explains reading a value while tracing', () => expect(() => trace(({ x }) => ({ y: tf.scalar(x!.dataSync()[0]!) }), [vector('x', 1)])).toThrow('has no value yet'));
  it('refuses a tensor of an earlier trace', () => {
    let leaked: ReturnType<typeof tf.scalar> | undefined;
    trace(({ x }) => { leaked = tf.keep(tf.square(x!)) as never; return { y: x! }; }, [vector('x', 1)]);
    expect(() => trace(() => ({ y: tf.square(leaked!) }), [])).toThrow('earlier trace');
    leaked!.dispose();
  });
  it('refuses two inputs of one name', () => expect(() => trace(({ x }) => ({ x: x! }), [vector('x', 1), vector('x', 1)], { name: 'p' })).toThrow('p: two inputs are named "x"'));
  it('uses tensors made before the trace, which stay usable', () => {
    const before = tf.tensor1d([1, 2]);
    expect(trace(() => ({ y: tf.add(before, 1) }), []).outputs[0]!.shape).toEqual([2]);
    expect([...before.dataSync()]).toEqual([1, 2]);
    before.dispose();
  });
  it('leaks no tensor', () => {
    const before = tf.memory();
    const specs: TensorSpec[] = [{ name: 'x', shape: [3, 5], dtype: 'float32' }, { name: 'w', shape: [7, 5], dtype: 'float32' }];
    trace(({ x, w }) => valueAndGradients((p) => tf.mean(tf.square(linear(p.x!, p.w!))), { x: x!, w: w! }).gradients, specs);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

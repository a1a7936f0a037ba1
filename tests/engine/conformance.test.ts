/** Every kernel and operation, values and gradients, against tfjs in pure JavaScript. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createLogger, silentLogger } from '../../src/core/log.js';
import { openDevice, tf, type Device } from '../../src/engine/index.js';
import { kernels } from '../../src/engine/kernels/index.js';
import { compileProgram } from '../../src/engine/program.js';
import { createBindingRuntime } from '../../src/engine/runtime/binding.js';
import { createNativeRuntime } from '../../src/engine/runtime/native.js';
import { probeProvider } from '../../src/engine/runtime/probe.js';
import { expectConforms } from './conformance.js';
import { kernelCases } from './kernel-cases.js';
import { opCases } from './op-cases.js';

const cases = [...kernelCases, ...opCases];
let reference: Device;
beforeAll(async () => {
  reference = await openDevice('reference', silentLogger());
});

describe('native ONNX Runtime', () => {
  let device: Device;
  beforeAll(() => {
    const runtime = createNativeRuntime();
    device = { name: 'cpu', description: '', compile: (fn, specs, options) => compileProgram(runtime, fn, specs, options ?? {}) };
  });
  it.each(cases)('$name', (test) => expectConforms(device, reference, test));
});

describe('onnxruntime-node binding, standard operators only', () => {
  let device: Device;
  beforeAll(async () => {
    const runtime = await createBindingRuntime('cpu');
    device = { name: 'cpu', description: '', compile: (fn, specs, options) => compileProgram(runtime, fn, specs, { ...options, standardOnly: true }) };
  });
  it.each(cases)('$name', (test) => expectConforms(device, reference, test));
});

describe('WebGPU', async () => {
  const why = await probeProvider('webgpu');
  if (why !== undefined) createLogger().info(`WebGPU conformance skipped: ${why}`);
  it.skipIf(why !== undefined)('every case', async () => {
    const device = await openDevice('webgpu', silentLogger());
    for (const test of cases) await expectConforms(device, reference, { ...test, tolerance: { relative: 1e-3, absolute: 1e-4, ...test.tolerance } });
  });
});

describe('coverage', () => {
  it('every kernel has a case', async () => {
    const used = new Set<string>();
    const runKernel = tf.engine().runKernel;
    tf.engine().runKernel = function (name, ...rest) {
      used.add(name);
      return runKernel.call(this, name, ...rest) as never;
    };
    try {
      for (const test of cases) await reference.compile((inputs, noise) => ({ y: test.fn(test.inputs.map((_, i) => inputs[`x${i}`]!), noise) }), test.inputs.map(({ shape, dtype }, i) => ({ name: `x${i}`, shape, dtype })));
    } finally {
      tf.engine().runKernel = runKernel;
    }
    expect(Object.keys(kernels).filter((name) => !used.has(name))).toEqual([]);
  });
});

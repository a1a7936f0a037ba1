/** Opening devices, listing them, and the compiled package in plain Node. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { packageFile } from '../../src/core/paths.js';
import { deviceNames, listDevices, openDevice } from '../../src/engine/index.js';
import { createBindingRuntime } from '../../src/engine/runtime/binding.js';
import { createNativeRuntime } from '../../src/engine/runtime/native.js';
import { hasGraphicsHardware } from '../../src/engine/runtime/adapters.js';
import { selfTest } from '../../src/engine/runtime/self-test.js';
import { threadCount } from '../../src/engine/runtime/threads.js';

describe('devices', () => {
  it('lists all, with a reason and a command for those that are not usable', async () => {
    const devices = await listDevices();
    expect(devices.map((d) => d.name)).toEqual([...deviceNames]);
    for (const { usable, why, command } of devices) expect(usable || Boolean(why && command)).toBe(true);
    for (const name of ['cpu', 'reference']) expect(devices.find((d) => d.name === name)!.usable).toBe(true);
    const unusable = devices.find((d) => !d.usable);
    if (unusable) await expect(openDevice(unusable.name, silentLogger())).rejects.toThrow(`device ${unusable.name} is not usable here`);
  });
  it('refuses an unknown name', () => expect(openDevice('tpu', silentLogger())).rejects.toMatchObject({ kind: 'configuration' }));
  it('auto opens a usable one', async () => expect((await openDevice('auto', silentLogger())).description).toMatch(/\w/));
  it('both CPU runtimes pass the self-test, the native one in one process again and again', async () => {
    for (const runtime of [createNativeRuntime(), createNativeRuntime(), await createBindingRuntime('cpu')]) await selfTest(runtime);
  });
  it('a runtime that answers wrongly fails the self-test', () =>
    expect(selfTest({ description: 'broken', threads: 1, createSession: () => Promise.resolve({ bind: () => () => Promise.resolve(), release: () => {} }) })).rejects.toThrow('broken: the self-test gave'));
});

describe('environment', () => {
  it('reads MEDWEAVE_THREADS', () => {
    expect(threadCount({ MEDWEAVE_THREADS: '3' })).toBe(3);
    expect(threadCount({})).toBeGreaterThan(0);
    expect(() => threadCount({ MEDWEAVE_THREADS: 'many' })).toThrow('MEDWEAVE_THREADS=many');
  });
  it('takes a software Vulkan driver for no hardware', () => expect(hasGraphicsHardware({ VK_DRIVER_FILES: '/usr/lib/chromium/vk_swiftshader_icd.json' })).toBe(false));
});

describe('the compiled package', () => {
  const entry = packageFile('dist', 'src', 'engine', 'index.js');
  it.skipIf(!fs.existsSync(entry))('differentiates and runs in plain Node, silently', () => {
    const script = `
      const { openDevice, tf, valueAndGradients } = await import(${JSON.stringify(pathToFileURL(path.resolve(entry)).href)});
      const log = { debug() {}, warn() {} };
      for (const name of ['cpu', 'reference']) {
        const device = await openDevice(name, log);
        const program = await device.compile(({ x }) => valueAndGradients((p) => tf.sum(tf.tanh(tf.square(p.x))), { x }).gradients, [{ name: 'x', shape: [2], dtype: 'float32' }]);
        const call = program.bind({ x: Float32Array.of(0, 0.5) });
        await call.run();
        process.stdout.write(call.outputs.x[1].toFixed(4) + ' ');
      }`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(result.stderr).toBe('');
    expect(result.stdout).toBe('0.9400 0.9400 ');
  });
});

/** Where programs can run on this machine, and how to open each place. */
import fs from 'node:fs';
import os from 'node:os';
import { configurationError, deviceError, MedweaveError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { compileProgram } from './program.js';
import { createBindingRuntime, type ExecutionProvider } from './runtime/binding.js';
import { compileEager } from './runtime/eager.js';
import { createNativeRuntime } from './runtime/native.js';
import { probeProvider } from './runtime/probe.js';
import type { Runtime } from './runtime/runtime.js';
import { selfTest } from './runtime/self-test.js';
import { loadNativeBackend, TENSORFLOW_BACKEND } from './runtime/tfjs-native.js';
import type { Device, DeviceName } from './types.js';

export const deviceNames = ['cuda', 'webgpu', 'cpu', 'tensorflow', 'reference'] as const satisfies readonly DeviceName[];

export interface DeviceReport {
  name: DeviceName;
  usable: boolean;
  description: string;
  /** Why it cannot be used here. */
  why?: string;
  /** What would make it usable. */
  command?: string;
}

/** Opens a device by name; `auto` takes the fastest usable one. @throws configuration error on an unknown name, device error on an unusable device */
export async function openDevice(name: string, log: Logger): Promise<Device> {
  if (name === 'auto') return openDevice(await fastestDevice(), log);
  if (!isDeviceName(name)) throw configurationError(`--device ${name}: unknown; expected auto, ${deviceNames.join(', ')}`);
  const device = await openers[name](log);
  log.debug(`device ${device.name}: ${device.description}`);
  return device;
}

const isDeviceName = (name: string): name is DeviceName => (deviceNames as readonly string[]).includes(name);

const openers: Record<DeviceName, (log: Logger) => Promise<Device>> = {
  cpu: async (log) => onnxDevice('cpu', await openCpuRuntime(log)),
  cuda: () => openProvider('cuda'),
  webgpu: () => openProvider('webgpu'),
  tensorflow: async () => eagerDevice('tensorflow', TENSORFLOW_BACKEND, `tfjs, ${await loadNativeBackend().catch((error: MedweaveError) => { throw unusable('tensorflow', error.message); })}`),
  reference: () => Promise.resolve(eagerDevice('reference', 'cpu', 'tfjs, pure JavaScript (slow: for tests)')),
};

function onnxDevice(name: DeviceName, runtime: Runtime): Device {
  // FusedMatMul exists on the CPU and CUDA only.
  const standardOnly = name === 'webgpu';
  return { name, description: runtime.description, compile: (fn, inputs, options) => compileProgram(runtime, fn, inputs, { ...options, standardOnly }) };
}

const eagerDevice = (name: DeviceName, backend: string, description: string): Device => ({
  name,
  description,
  compile: async (fn, inputs, options = {}) => compileEager(backend, fn, inputs, options),
});

/** The library called directly; the package's own binding where that fails. */
async function openCpuRuntime(log: Logger): Promise<Runtime> {
  try {
    const runtime = createNativeRuntime();
    await selfTest(runtime);
    return runtime;
  } catch (error) {
    log.warn(`ONNX Runtime cannot be called directly (${(error as Error).message}); using onnxruntime-node's own binding, which is slower`);
    const runtime = await createBindingRuntime('cpu');
    await selfTest(runtime);
    return runtime;
  }
}

async function openProvider(name: 'cuda' | 'webgpu'): Promise<Device> {
  const why = await probeProvider(name);
  if (why !== undefined) throw unusable(name, why);
  return onnxDevice(name, await createBindingRuntime(name));
}

const unusable = (name: DeviceName, why: string): MedweaveError => deviceError(`device ${name} is not usable here: ${why}; ${remedies[name]}`);

const remedies: Record<DeviceName, string> = {
  cuda: 'with an NVIDIA GPU, CUDA 12 and cuDNN 9 installed, run: npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12 (downloads ONNX Runtime\'s CUDA provider)',
  webgpu: 'needs a GPU with a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver; on Debian: apt-get install libvulkan1 mesa-vulkan-drivers',
  cpu: 'npm ci',
  tensorflow: 'run: npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false (downloads libtensorflow; CUDA 11.2 for the GPU)',
  reference: '',
};

async function fastestDevice(): Promise<DeviceName> {
  if (couldHaveCuda() && (await probeProvider('cuda')) === undefined) return 'cuda';
  return 'cpu';
}

/** Where programs can run on this machine, and how to open each place. */
import os from 'node:os';
import { configurationError, deviceError, type MedweaveError } from '../core/errors.js';
import { silentLogger, type Logger } from '../core/log.js';
import { compileProgram } from './program.js';
import { hasGraphicsHardware, hasNvidiaDriver } from './runtime/adapters.js';
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

const REFERENCE = 'tfjs in pure JavaScript (slow: the oracle of the tests)';

const openers: Record<DeviceName, (log: Logger) => Promise<Device>> = {
  cpu: async (log) => onnxDevice('cpu', await openCpuRuntime(log)),
  cuda: () => openProvider('cuda'),
  webgpu: () => openProvider('webgpu'),
  tensorflow: () => openTensorflow(),
  reference: () => Promise.resolve(eagerDevice('reference', 'cpu', REFERENCE)),
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

async function openTensorflow(): Promise<Device> {
  try {
    return eagerDevice('tensorflow', TENSORFLOW_BACKEND, `tfjs, ${await loadNativeBackend()}`);
  } catch (error) {
    throw unusable('tensorflow', (error as Error).message);
  }
}

const remedies: Partial<Record<DeviceName, string>> = {
  cuda: 'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
  webgpu: 'apt-get install libvulkan1 mesa-vulkan-drivers',
  cpu: 'npm ci',
  tensorflow: 'npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false',
};

/** What the commands above cannot bring. */
const requirements: Partial<Record<DeviceName, string>> = {
  cuda: 'an NVIDIA GPU on Linux x64 with CUDA 12 and cuDNN 9',
  webgpu: 'a GPU with a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver',
  tensorflow: 'libtensorflow (downloaded), and CUDA 11.2 for a GPU',
};

const unusable = (name: DeviceName, why: string): MedweaveError =>
  deviceError(`device ${name} is not usable here (${why}); it needs ${requirements[name]}; try: ${remedies[name]}`);

/** Measured hardware first; a software adapter is slower than the processor. */
async function fastestDevice(): Promise<DeviceName> {
  if (hasNvidiaDriver() && (await probeProvider('cuda')) === undefined) return 'cuda';
  if (hasGraphicsHardware() && (await probeProvider('webgpu')) === undefined) return 'webgpu';
  return 'cpu';
}

/** Tries every device. */
export const listDevices = (): Promise<DeviceReport[]> => Promise.all([reportProvider('cuda'), reportProvider('webgpu'), reportCpu(), reportTensorflow(), reportReference()]);

const report = (name: DeviceName, description: string, why?: string): DeviceReport =>
  why === undefined ? { name, usable: true, description } : { name, usable: false, description, why, command: remedies[name] };

async function reportProvider(name: ExecutionProvider & DeviceName): Promise<DeviceReport> {
  const why = await probeProvider(name);
  const software = name === 'webgpu' && why === undefined && !hasGraphicsHardware() ? ', software adapter (slower than cpu)' : '';
  return report(name, `ONNX Runtime, ${name === 'cuda' ? 'CUDA' : 'WebGPU'}${software}; needs ${requirements[name]}`, why);
}

async function reportCpu(): Promise<DeviceReport> {
  const model = os.cpus()[0]?.model.trim() ?? os.arch();
  try {
    const runtime = await openCpuRuntime(silentLogger());
    return report('cpu', `${runtime.description}; ${model}`);
  } catch (error) {
    return report('cpu', `ONNX Runtime; ${model}`, (error as Error).message);
  }
}

async function reportTensorflow(): Promise<DeviceReport> {
  try {
    return report('tensorflow', `tfjs, ${await loadNativeBackend()}`);
  } catch (error) {
    return report('tensorflow', `tfjs on libtensorflow; needs ${requirements.tensorflow}`, (error as Error).message);
  }
}

const reportReference = (): Promise<DeviceReport> => Promise.resolve(report('reference', REFERENCE));

/** The onnxruntime-node package's own binding: the fallback on the CPU, and the way to WebGPU and CUDA. */
import type * as OrtPackage from 'onnxruntime-node';
import { deviceError } from '../../core/errors.js';
import { forbidTelemetry } from '../../core/telemetry.js';
import type { BoundTensor, Runtime, Session } from './runtime.js';
import { threadCount } from './threads.js';

type Ort = typeof OrtPackage;
type OrtSession = OrtPackage.InferenceSession;
export type ExecutionProvider = 'cpu' | 'webgpu' | 'cuda';

/** ORT_LOGGING_LEVEL_ERROR. */
const LOG_ERRORS = 3;

/** @throws device error when the package cannot be loaded */
export async function createBindingRuntime(provider: ExecutionProvider): Promise<Runtime> {
  const ort = await importOrt();
  const threads = threadCount();
  const version = ort.env.versions.node ?? '';
  return {
    description: `onnxruntime-node ${version}, ${provider}${provider === 'cpu' ? `, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : ''}`,
    threads,
    async createSession(model) {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        enableMemPattern: false,
        logSeverityLevel: LOG_ERRORS,
      });
      return wrapSession(ort, session);
    },
  };
}

/** @throws device error when the package cannot be loaded */
export async function importOrt(): Promise<Ort> {
  forbidTelemetry();
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw deviceError('onnxruntime-node cannot be loaded; run npm ci on this machine', cause);
  }
}

function wrapSession(ort: Ort, session: OrtSession): Session {
  return {
    bind(inputs, outputs) {
      const feeds = Object.fromEntries(inputs.map(({ name, shape, dtype, data }) => [name, new ort.Tensor(dtype, data, shape)]));
      return async () => copyResults(await session.run(feeds), outputs);
    },
    release: () => void session.release(),
  };
}

function copyResults(results: OrtPackage.InferenceSession.OnnxValueMapType, outputs: readonly BoundTensor[]): void {
  for (const { name, data } of outputs) data.set(results[name]!.data as never);
}

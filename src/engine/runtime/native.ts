/** The ONNX Runtime library called directly: no copies, one arena of memory for all programs, JavaScript free while one runs. */
import koffi from 'koffi';
import { deviceError } from '../../core/errors.js';
import { onnxTypes } from '../onnx.js';
import { loadOrtLibrary, type OrtLibrary, type Pointer } from './ort-library.js';
import type { BoundTensor, Runtime, Session, SessionOptions } from './runtime.js';
import { threadCount } from './threads.js';

/** OrtLoggingLevel: errors only; warnings concern optimisations. */
const LOG_ERRORS = 3;
/** GraphOptimizationLevel: all. */
const OPTIMIZE_ALL = 99;
/** OrtAllocatorType and OrtMemType of a CPU arena. */
const ARENA = 1;
const DEFAULT_MEMORY = 0;

interface Environment {
  ort: OrtLibrary;
  env: Pointer;
  memory: Pointer;
}

interface NativeRuntime extends Environment {
  threads: number;
}

/**
 * ONNX Runtime has one environment a process, and so have we. It is never given up: koffi would unload the library once nothing
 * refers to it, under the feet of threads that still run in it.
 */
let processEnvironment: Environment | undefined;

function createEnvironment(): Environment {
  const ort = loadOrtLibrary();
  const env = ort.create('CreateEnv', LOG_ERRORS, 'medweave');
  const memory = ort.create('CreateCpuMemoryInfo', ARENA, DEFAULT_MEMORY);
  ort.call('CreateAndRegisterAllocator', env, memory, null);
  return { ort, env, memory };
}

const sessionConfig = {
  // All sessions share the environment's arena: six programs then need little more than the largest one.
  'session.use_env_allocators': '1',
  // A finished run must not keep a core busy waiting for the next: another program's turn comes first.
  'session.force_spinning_stop': '1',
  // Fusing the residual's sum into layer norm takes almost five times as long as the two nodes do.
  'optimization.disable_specified_optimizers': 'SkipLayerNormFusion',
};

/** @throws device error when the library cannot be loaded */
export function createNativeRuntime(): Runtime {
  processEnvironment ??= createEnvironment();
  const runtime: NativeRuntime = { ...processEnvironment, threads: threadCount() };
  const { ort, threads } = runtime;
  return {
    description: `ONNX Runtime ${ort.version}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    threads,
    createSession: async (model, options) => createSession(runtime, model, options),
  };
}

function createSession(runtime: NativeRuntime, model: Uint8Array, { brief = false }: SessionOptions = {}): Session {
  const { ort, env } = runtime;
  const options = sessionOptions(runtime);
  const session = ort.create('CreateSessionFromArray', env, model, model.byteLength, options);
  ort.release('ReleaseSessionOptions', options);
  const values: Pointer[] = [];
  let running = 0;
  let released = false;
  return {
    bind(inputs, outputs) {
      const call = bindCall(runtime, session, inputs, outputs);
      values.push(...call.values);
      return async () => {
        if (released) throw deviceError('a program was run after it was disposed of');
        running++;
        try {
          if (brief) call.runNow();
          else await call.run();
        } finally {
          running--;
        }
      };
    },
    release() {
      if (running) throw deviceError('a program was disposed of while it was running; await its run first');
      if (released) return;
      released = true;
      for (const value of values.splice(0)) ort.release('ReleaseValue', value);
      ort.release('ReleaseSession', session);
    },
  };
}

function sessionOptions({ ort, threads }: NativeRuntime): Pointer {
  const options = ort.create('CreateSessionOptions');
  ort.call('SetSessionGraphOptimizationLevel', options, OPTIMIZE_ALL);
  ort.call('SetIntraOpNumThreads', options, threads);
  ort.call('SetSessionLogSeverityLevel', options, LOG_ERRORS);
  // Patterns would keep every shape's whole plan of memory: twice the activations at equal speed.
  ort.call('DisableMemPattern', options);
  for (const [key, value] of Object.entries(sessionConfig)) ort.call('AddSessionConfigEntry', options, key, value);
  return options;
}

function bindCall(environment: Environment, session: Pointer, inputs: readonly BoundTensor[], outputs: readonly BoundTensor[]) {
  const { ort } = environment;
  const inputValues = inputs.map((tensor) => wrapBuffer(environment, tensor));
  const outputValues = outputs.map((tensor) => wrapBuffer(environment, tensor));
  const [inputNames, outputNames] = [nameTable(inputs), nameTable(outputs)];
  const args = [
    session, null, inputNames.table, pointerTable(inputValues), BigInt(inputs.length),
    outputNames.table, BigInt(outputs.length), pointerTable(outputValues),
  ];
  // What the pointers point to must outlive the call, which this closure does.
  const alive = { inputs, outputs, inputNames, outputNames };
  return {
    values: [...inputValues, ...outputValues],
    run: () => ort.callAsync('Run', ...args).then(() => void alive),
    runNow: () => ort.call('Run', ...args),
  };
}

/** An OrtValue over the buffer's own memory. */
function wrapBuffer({ ort, memory }: Environment, { data, shape, dtype }: BoundTensor): Pointer {
  const extents = BigInt64Array.from(shape.length ? shape : [0], BigInt);
  return ort.create('CreateTensorWithDataAsOrtValue', memory, data, data.byteLength, extents, shape.length, onnxTypes[dtype]);
}

const pointerTable = (pointers: Pointer[]): BigUint64Array => BigUint64Array.from(pointers, (pointer) => BigInt(koffi.address(pointer)));

function nameTable(tensors: readonly BoundTensor[]): { table: BigUint64Array; names: Uint8Array[] } {
  const names = tensors.map(({ name }) => Buffer.from(`${name}\0`));
  return { table: BigUint64Array.from(names, (name) => BigInt(koffi.address(name))), names };
}

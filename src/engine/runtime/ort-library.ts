/**
 * The C interface of the ONNX Runtime library that ships inside the onnxruntime-node package, called without a compiler.
 *
 * The package's own binding copies every output into a fresh buffer and blocks JavaScript while a program runs; the library does
 * neither. Its table of functions only ever grows, so that positions in it are stable for a given version of the interface.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import koffi, { type KoffiFunc } from 'koffi';
import { deviceError } from '../../core/errors.js';
import { forbidTelemetry } from '../../core/telemetry.js';

/** ORT_API_VERSION that is asked for; any later library offers it too. */
const API_VERSION = 22;
/** Entries of the table that are read: up to the last one used below. */
const TABLE_LENGTH = 160;

const POINTER = 'void *';
const STATUS = POINTER;
const OUT = '_Out_ void **';

/** Function → position in OrtApi (onnxruntime_c_api.h) and signature. */
const functions = {
  GetErrorMessage: [2, 'const char *', [POINTER]],
  CreateEnv: [3, STATUS, ['int', 'const char *', OUT]],
  CreateSessionFromArray: [8, STATUS, [POINTER, POINTER, 'size_t', POINTER, OUT]],
  Run: [9, STATUS, [POINTER, POINTER, POINTER, POINTER, 'size_t', POINTER, 'size_t', POINTER]],
  CreateSessionOptions: [10, STATUS, [OUT]],
  DisableMemPattern: [17, STATUS, [POINTER]],
  SetSessionLogSeverityLevel: [22, STATUS, [POINTER, 'int']],
  SetSessionGraphOptimizationLevel: [23, STATUS, [POINTER, 'int']],
  SetIntraOpNumThreads: [24, STATUS, [POINTER, 'int']],
  CreateTensorWithDataAsOrtValue: [49, STATUS, [POINTER, POINTER, 'size_t', POINTER, 'size_t', 'int', OUT]],
  CreateCpuMemoryInfo: [69, STATUS, ['int', 'int', OUT]],
  ReleaseStatus: [93, 'void', [POINTER]],
  ReleaseSession: [95, 'void', [POINTER]],
  ReleaseValue: [96, 'void', [POINTER]],
  ReleaseSessionOptions: [100, 'void', [POINTER]],
  AddSessionConfigEntry: [130, STATUS, [POINTER, 'const char *', 'const char *']],
  CreateAndRegisterAllocator: [144, STATUS, [POINTER, POINTER, POINTER]],
} as const satisfies Record<string, readonly [position: number, result: string, parameters: readonly string[]]>;

/** An address in the library's memory. */
export type Pointer = object;

type ForeignFunction = KoffiFunc<(...args: unknown[]) => unknown>;

export type FunctionName = keyof typeof functions;

export interface OrtLibrary {
  version: string;
  /** Calls a function that returns a status. @throws device error with ONNX Runtime's message */
  call(name: FunctionName, ...args: unknown[]): void;
  /** As `call`, for functions whose last argument receives a pointer. */
  create(name: FunctionName, ...args: unknown[]): Pointer;
  /** As `call`, on a worker thread. */
  callAsync(name: FunctionName, ...args: unknown[]): Promise<void>;
  release(name: FunctionName, pointer: Pointer): void;
  /** To be kept: koffi unloads a library whose object is collected, and the next call would crash. */
  readonly library: unknown;
}

function libraryFile(): string {
  const require = createRequire(import.meta.url);
  const dir = path.join(path.dirname(require.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6', process.platform, process.arch);
  const file = fs.existsSync(dir) ? fs.readdirSync(dir).find((name) => /^(lib)?onnxruntime\.(so|dll|\d|dylib)/.test(name)) : undefined;
  if (!file) throw deviceError(`no ONNX Runtime library in ${dir}; reinstall onnxruntime-node (npm ci)`);
  return path.join(dir, file);
}

/** Loads the library and looks its functions up. @throws device error when it is missing or too old */
export function loadOrtLibrary(): OrtLibrary {
  forbidTelemetry();
  const library = koffi.load(libraryFile());
  const base = koffi.decode(library.func('OrtGetApiBase', POINTER, [])(), koffi.array(POINTER, 2)) as Pointer[];
  const version = koffi.call(base[1], koffi.proto(null, 'const char *', [])) as string;
  const api = koffi.call(base[0], koffi.proto(null, POINTER, ['uint32_t']), API_VERSION) as Pointer | null;
  if (!api) throw deviceError(`ONNX Runtime ${version} does not offer interface ${API_VERSION}; install the onnxruntime-node that package.json pins`);
  const table = koffi.decode(api, koffi.array(POINTER, TABLE_LENGTH)) as Pointer[];
  const bound = Object.fromEntries(
    Object.entries(functions).map(([name, [position, result, parameters]]) => [
      name, koffi.decode(table[position], koffi.proto(null, result, [...parameters])) as ForeignFunction,
    ]),
  ) as Record<FunctionName, ForeignFunction>;

  const check = (status: Pointer | null, name: string): void => {
    if (!status) return;
    const message = bound.GetErrorMessage(status) as string;
    bound.ReleaseStatus(status);
    throw deviceError(`ONNX Runtime ${name}: ${message.replace(/\s+/g, ' ')}`);
  };
  return {
    version,
    library,
    call: (name, ...args) => check(bound[name](...args) as Pointer | null, name),
    create(name, ...args) {
      const out: [Pointer | null] = [null];
      check(bound[name](...args, out) as Pointer | null, name);
      return out[0]!;
    },
    callAsync: (name, ...args) =>
      new Promise((resolve, reject) => {
        bound[name].async(...args, (error: Error | null, status: unknown) => {
          try {
            if (error) throw error;
            check(status as Pointer | null, name);
            resolve();
          } catch (failure) {
            reject(failure as Error);
          }
        });
      }),
    release: (name, pointer) => void bound[name](pointer),
  };
}

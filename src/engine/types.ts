/** The types of the engine's public face. */
import type { Tensor } from '@tensorflow/tfjs';

export type { Tensor };

/** What a program's inputs and outputs may hold. These are the types that tfjs has. */
export type DType = 'float32' | 'int32' | 'bool';

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** float32 ↔ Float32Array, int32 ↔ Int32Array, bool ↔ Uint8Array. */
export type Buffer = Float32Array | Int32Array | Uint8Array;
export type Buffers = Record<string, Buffer>;
export type Tensors = Record<string, Tensor>;

/** What noise depends on besides its site: equal keys give equal noise, on every device, in every process. */
export interface NoiseKey {
  seed: number;
  step: number;
  /** Index of the micro-batch within the step. */
  micro?: number;
  /** Rank of the process in a distributed run. */
  rank?: number;
}

/** Handed to a traced function: names the places that draw noise. */
export interface Noise {
  /** A bool tensor, true with probability `1 − dropProbability`; a pure function of (noise key, site, position). */
  keep(site: string, shape: readonly number[], dropProbability: number): Tensor;
}

export type ProgramFunction = (inputs: Tensors, noise: Noise) => Tensors;

/** A program bound to buffers that it reads and writes in place. */
export interface Call {
  readonly inputs: Buffers;
  readonly outputs: Buffers;
  /** Reads the input buffers as they are now, writes the output buffers. One run at a time. */
  run(noise?: NoiseKey): Promise<void>;
}

export interface ProgramStats {
  nodes: number;
  constantBytes: number;
  /** ONNX operator → count (empty on an eager device). */
  operators: Record<string, number>;
}

export interface Program {
  /** Inputs that the function really uses, in the order given. */
  readonly inputs: readonly TensorSpec[];
  readonly unusedInputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly noiseSites: readonly string[];
  readonly stats: ProgramStats;
  /**
   * Binds buffers. Missing ones are allocated. An output may be the same buffer as an input of the same shape: the caller
   * vouches that the function reads that input element only to compute that output element (AdamW, accumulation).
   */
  bind(inputs?: Buffers, outputs?: Buffers): Call;
  dispose(): void;
}

export interface CompileOptions {
  /** Shown in errors, e.g. the module or layer being compiled. */
  name?: string;
  /** Tensors baked into the graph as constants (an inference program's weights): ONNX Runtime packs them ahead of time. */
  weights?: Record<string, { shape: readonly number[]; data: Float32Array }>;
  /** Inference programs on the CPU: linear layers whose weights are baked in compute in 8-bit integers, the rest in float32. Other devices stay with float32. */
  quantize?: 'int8';
  /** A run takes about a millisecond at most: it stays on the JavaScript thread, because handing it to another costs 40 µs. */
  brief?: boolean;
}

export type DeviceName = 'cpu' | 'webgpu' | 'cuda' | 'tensorflow' | 'reference';

/** Where programs run. `reference` is the pure-JavaScript tfjs backend: slow, the oracle of the tests. */
export interface Device {
  readonly name: DeviceName;
  /** For humans: processor or adapter, version of the runtime, threads. */
  readonly description: string;
  compile(fn: ProgramFunction, inputs: readonly TensorSpec[], options?: CompileOptions): Promise<Program>;
}

/** A tfjs backend whose tensors are symbols: every kernel called on them appends ONNX nodes instead of computing. */
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs';
import { deviceError } from '../core/errors.js';
import { createGraph, type Attributes, type Graph, type OnnxType } from './onnx.js';
import { equalShapes, sizeOf, type Shape } from './shapes.js';
import { tf } from './tf.js';
import type { DType } from './types.js';

export const RECORDER = 'medweave-recorder';

/** Bytes. A larger array inside a traced function is host noise or a dataset captured by accident. */
export const CONSTANT_CAP = 1 << 16;

type HostArray = Float32Array | Int32Array | Uint8Array;
const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** What is known of the data behind one or several tfjs tensors. */
interface Value {
  shape: Shape;
  dtype: DType;
  references: number;
  /** Its name in the graph, once it has one. */
  name?: string;
  /** Contents, where known while tracing. */
  host?: ArrayLike<number>;
  /** The number that all elements equal; null when they differ or are unknown. */
  uniform?: number | null;
  /** Allowed above the cap. */
  isStatic?: boolean;
  /** Not expanded yet: a smaller value that broadcasts to this one; consumers that broadcast read it instead. */
  base?: { name: string; shape: Shape };
}

type DataId = TensorInfo['dataId'];
type Operand = string | TensorInfo;
interface Result {
  shape: Shape;
  dtype: DataType;
}

/** Raw contents of a typed array, without copying. */
const bytesOf = (array: HostArray | BigInt64Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const asDType = (dtype: DataType): DType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw deviceError(`a program cannot hold ${dtype} tensors; use float32, int32 or bool`);
};

export class Recorder extends tf.KernelBackend implements KernelBackend {
  graph: Graph = createGraph();
  /** Programs for runtimes without ONNX Runtime's own operators are spelled with standard ones only. */
  standardOnly = false;
  /** Products with baked weights are spelled in 8-bit integers. */
  quantize = false;
  private values = new WeakMap<object, Value>();

  /** Forgets everything recorded so far. */
  begin(options: { standardOnly?: boolean; quantize?: 'int8' } = {}): void {
    this.graph = createGraph();
    this.values = new WeakMap();
    this.standardOnly = options.standardOnly ?? false;
    this.quantize = options.quantize === 'int8';
  }

  // — tfjs's backend protocol —

  override write(host: HostArray, shape: number[], dtype: DataType): DataId {
    return this.add({ host, shape, dtype: asDType(dtype), references: 1 });
  }

  override move(dataId: DataId, host: HostArray, shape: number[], dtype: DataType): void {
    this.values.set(dataId, { host, shape, dtype: asDType(dtype), references: 1 });
  }

  override readSync(dataId: DataId): HostArray {
    const { host, dtype, shape, uniform } = this.value(dataId);
    if (host) return arrayTypes[dtype].from(host);
    if (typeof uniform === 'number') return new arrayTypes[dtype](sizeOf(shape)).fill(uniform);
    throw deviceError('a traced tensor has no value yet: data(), dataSync() and print() cannot be used inside a program; return the tensor as an output');
  }

  override read(dataId: DataId): Promise<HostArray> {
    return Promise.resolve(this.readSync(dataId));
  }

  override incRef(dataId: DataId): void {
    const value = this.values.get(dataId);
    if (value) value.references++;
  }

  override refCount(dataId: DataId): number {
    return this.values.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const value = this.values.get(dataId);
    if (!value) return true;
    value.references--;
    return force || value.references <= 0;
  }

  override numDataIds = (): number => 0;
  override epsilon = (): number => 1e-7;
  override floatPrecision = (): 32 => 32;
  override timerAvailable = (): boolean => false;
  override dispose(): void {}
  override memory = () => ({ unreliable: true });

  // — for kernels and fused operations —

  /** A program input. */
  input(name: string, shape: Shape, dtype: DType): TensorInfo {
    return this.symbol({ name, shape, dtype, references: 1, uniform: null });
  }

  /** A tensor known while tracing; `isStatic` ones may exceed {@link CONSTANT_CAP}. */
  literal(host: HostArray, shape: Shape, dtype: DType, isStatic = false): TensorInfo {
    return this.symbol({ host, shape, dtype, references: 1, isStatic });
  }

  /** A tensor of equal elements, which stays a number until someone needs it spelled out. */
  fill(uniform: number, shape: Shape, dtype: DataType): TensorInfo {
    return this.symbol({ uniform, shape, dtype: asDType(dtype), references: 1 });
  }

  /** A value of the graph as a tensor. */
  named(name: string, { shape, dtype }: Result): TensorInfo {
    return this.symbol({ name, shape, dtype: asDType(dtype), references: 1, uniform: null });
  }

  /** The same data under another shape or type. */
  alias(x: TensorInfo, shape: Shape = x.shape): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
  }

  /** Appends a node. @returns its output as a tensor */
  emit(op: string, inputs: readonly Operand[], result: Result, attributes?: Attributes): TensorInfo {
    return this.named(this.node(op, inputs, attributes), result);
  }

  /** Appends a node with several outputs. */
  emitAll(op: string, inputs: readonly Operand[], results: readonly Result[], attributes?: Attributes): TensorInfo[] {
    const names = this.graph.node(op, inputs.map((x) => this.operand(x)), attributes, results.length);
    return results.map((result, i) => this.named(names[i]!, result));
  }

  /** Appends a node whose output is used by name only. */
  node(op: string, inputs: readonly Operand[], attributes?: Attributes): string {
    return this.graph.node(op, inputs.map((x) => this.operand(x)), attributes)[0]!;
  }

  scalar(value: number, dtype: DataType = 'float32'): string {
    return this.graph.constant(asDType(dtype), [], bytesOf(arrayTypes[asDType(dtype)].of(value)));
  }

  /** A list of 64-bit integers: shapes, axes. */
  integers(values: Shape): string {
    return this.graph.constant('int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt)));
  }

  constant(dtype: OnnxType, shape: Shape, array: HostArray | Uint32Array | BigInt64Array): string {
    return this.graph.constant(dtype, shape, bytesOf(array as HostArray));
  }

  /** The number that all elements of a tensor are known to equal, if so. */
  uniform(x: TensorInfo): number | undefined {
    const value = this.value(x.dataId);
    if (value.uniform === undefined) value.uniform = value.host ? uniformElement(value.host) : null;
    return value.uniform ?? undefined;
  }

  /** Contents that are known while tracing. */
  hostValues(x: TensorInfo): ArrayLike<number> | undefined {
    return this.value(x.dataId).host;
  }

  /** Broadcasts lazily: only a consumer that cannot broadcast by itself makes an Expand node of it. */
  expand(x: TensorInfo, shape: Shape): TensorInfo {
    if (equalShapes(x.shape, shape)) return this.alias(x);
    const uniform = this.uniform(x);
    if (uniform !== undefined) return this.fill(uniform, shape, x.dtype);
    return this.symbol({ base: this.compact(x), shape, dtype: asDType(x.dtype), references: 1, uniform: null });
  }

  /** The smallest known value that broadcasts to `x`. */
  compact(x: TensorInfo): { name: string; shape: Shape } {
    const value = this.value(x.dataId);
    if (value.base && value.name === undefined && equalShapes(value.shape, x.shape)) return value.base;
    const uniform = this.uniform(x);
    if (uniform !== undefined) return { name: this.scalar(uniform, x.dtype), shape: [] };
    return { name: this.name(x), shape: x.shape };
  }

  /** The name of a tensor's full contents in the graph. */
  name(x: TensorInfo): string {
    const value = this.value(x.dataId);
    if (value.name !== undefined) return value.name;
    const uniform = this.uniform(x);
    if (uniform !== undefined) {
      // Nameless on purpose: tensors that share this data may differ in shape.
      const scalar = this.scalar(uniform, x.dtype);
      return x.shape.length === 0 ? scalar : this.node('Expand', [scalar, this.integers(x.shape)]);
    }
    if (value.base) value.name = this.node('Expand', [value.base.name, this.integers(value.shape)]);
    else return this.hostConstant(value, x.shape);
    return value.name;
  }

  private hostConstant(value: Value, shape: Shape): string {
    // Weights are large: they are not copied where they have the right type already.
    const array = value.host instanceof arrayTypes[value.dtype] ? (value.host as HostArray) : arrayTypes[value.dtype].from(value.host!);
    if (array.byteLength > CONSTANT_CAP && !value.isStatic) {
      throw deviceError(
        `a constant of ${array.byteLength} bytes (${value.dtype} [${shape}]) was captured by a traced function; feed it as an input, or make it with staticTensor if it never changes`,
      );
    }
    return this.graph.constant(value.dtype, shape, bytesOf(array));
  }

  private operand(x: Operand): string {
    return typeof x === 'string' ? x : this.name(x);
  }

  private symbol(value: Value): TensorInfo {
    return { dataId: this.add(value), shape: [...value.shape], dtype: value.dtype };
  }

  private add(value: Value): DataId {
    const dataId = {};
    this.values.set(dataId, value);
    return dataId;
  }

  /** Tensors of another backend (made before the trace) are read, never moved. */
  private value(dataId: DataId): Value {
    const known = this.values.get(dataId);
    if (known) return known;
    const foreign = tf.engine().state.tensorInfo.get(dataId);
    if (!foreign || foreign.backend === this) throw deviceError('a tensor of an earlier trace was used in a program; programs share nothing but their inputs');
    const value: Value = { host: foreign.backend.readSync(dataId) as HostArray, shape: foreign.shape, dtype: asDType(foreign.dtype), references: 1 };
    this.values.set(dataId, value);
    return value;
  }
}

function uniformElement(values: ArrayLike<number>): number | null {
  if (!values.length) return null;
  const first = Number(values[0]);
  for (let i = 1; i < values.length; i++) if (Number(values[i]) !== first) return null;
  return first;
}

/** The recorder, while a trace is being made; fused operations spell themselves out in ONNX then. */
export function activeRecorder(): Recorder | undefined {
  return tf.getBackend() === RECORDER ? (tf.backend() as Recorder) : undefined;
}

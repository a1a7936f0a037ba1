/** What a kernel is: how one tfjs kernel is spelled in ONNX. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';

export type Kernel = (recorder: Recorder, inputs: Record<string, TensorInfo>, attributes: object) => TensorInfo | TensorInfo[];
/** tfjs kernel name → spelling. */
export type KernelTable = Record<string, Kernel>;

export type Unary = { x: TensorInfo };
export type Binary = { a: TensorInfo; b: TensorInfo };

/** Gives a kernel the types of its inputs and attributes, which tfjs documents by kernel name only. */
export const kernel = <Inputs extends object = Unary, Attributes extends object = object>(
  spell: (recorder: Recorder, inputs: Inputs, attributes: Attributes) => TensorInfo | TensorInfo[],
): Kernel => spell as unknown as Kernel;

/** A cast, where the type differs. */
export function cast(recorder: Recorder, x: TensorInfo, dtype: 'float32' | 'int32' | 'bool'): TensorInfo {
  const code = { float32: 1, int32: 6, bool: 9 }[dtype];
  return x.dtype === dtype ? x : recorder.emit('Cast', [x], { shape: x.shape, dtype }, { to: code });
}

/** A reshape, where the shape differs. */
export const reshape = (recorder: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo =>
  recorder.emit('Reshape', [x, recorder.integers(shape)], { shape, dtype: x.dtype });

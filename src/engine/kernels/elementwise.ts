/** How operands broadcast: constants and not yet expanded tensors take part at their smallest shape, and so does the result. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import type { Attributes } from '../onnx.js';
import type { Recorder } from '../recorder.js';
import { broadcastShapes, equalShapes } from '../shapes.js';

/** One node on the compact operands, expanded lazily to the shape that tfjs expects. */
export function elementwise(recorder: Recorder, op: string, operands: readonly TensorInfo[], options: { dtype: DataType; attributes?: Attributes }): TensorInfo {
  const compact = operands.map((x) => recorder.compact(x));
  const inner = compact.map((x) => x.shape).reduce(broadcastShapes);
  const outer = operands.map((x): readonly number[] => x.shape).reduce(broadcastShapes);
  const y = recorder.emit(op, compact.map((x) => x.name), { shape: inner, dtype: options.dtype }, options.attributes);
  return equalShapes(inner, outer) ? y : recorder.expand(y, outer);
}

/** Does nothing to `x` but broadcast it against `other`. */
export const broadcastTo = (recorder: Recorder, x: TensorInfo, other: TensorInfo): TensorInfo => recorder.expand(x, broadcastShapes(x.shape, other.shape));

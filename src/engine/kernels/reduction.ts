/** Kernels that reduce axes, and those that run along one. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { equalShapes, normalizeAxes } from '../shapes.js';
import { cast, kernel, reshape, type KernelTable, type Unary } from './kernel.js';

interface ReductionAttributes {
  axis?: number | number[];
  /** What Max calls its axes. */
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

function reduce(recorder: Recorder, op: string, x: TensorInfo, { axis, reductionIndices, keepDims }: ReductionAttributes): TensorInfo {
  const axes = normalizeAxes(axis ?? reductionIndices, x.shape.length);
  const shape = x.shape.flatMap((extent, i) => (!axes.includes(i) ? [extent] : keepDims ? [1] : []));
  if (axes.every((i) => x.shape[i] === 1)) return equalShapes(shape, x.shape) ? recorder.alias(x) : reshape(recorder, x, shape);
  return recorder.emit(op, [x, recorder.integers(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

const reduction = (op: string, prepare: (recorder: Recorder, x: TensorInfo) => TensorInfo = (_, x) => x) =>
  kernel<Unary, ReductionAttributes>((recorder, { x }, attributes) => reduce(recorder, op, prepare(recorder, x), attributes));

/** Any and All: ONNX reduces no booleans. */
const booleanReduction = (op: string) => kernel<Unary, ReductionAttributes>((recorder, { x }, attributes) =>
  cast(recorder, reduce(recorder, op, cast(recorder, x, 'int32'), attributes), 'bool'));

const positionOf = (op: string) => kernel<Unary, { axis: number }>((recorder, { x }, { axis }) => {
  const along = normalizeAxes(axis, x.shape.length)[0]!;
  const shape = x.shape.filter((_, i) => i !== along);
  const position = recorder.node(op, [x], { axis: along, keepdims: 0 });
  return recorder.emit('Cast', [position], { shape, dtype: 'int32' }, { to: 6 });
});

const cumulativeSum = kernel<Unary, { axis: number; exclusive: boolean; reverse: boolean }>((recorder, { x }, { axis, exclusive, reverse }) => {
  const along = recorder.constant('int64', [], BigInt64Array.of(BigInt(normalizeAxes(axis, x.shape.length)[0]!)));
  return recorder.emit('CumSum', [x, along], x, { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 });
});

const topK = kernel<Unary, { k: number; sorted: boolean }>((recorder, { x }, { k, sorted }) => {
  const shape = [...x.shape.slice(0, -1), k];
  const attributes = { axis: -1, largest: 1, sorted: sorted ? 1 : 0 };
  const [values, positions] = recorder.graph.node('TopK', [recorder.name(x), recorder.integers([k])], attributes, 2);
  return [
    recorder.emit('Identity', [values!], { shape, dtype: x.dtype }),
    recorder.emit('Cast', [positions!], { shape, dtype: 'int32' }, { to: 6 }),
  ];
});

export const reductions: KernelTable = {
  All: booleanReduction('ReduceMin'),
  Any: booleanReduction('ReduceMax'),
  ArgMax: positionOf('ArgMax'),
  ArgMin: positionOf('ArgMin'),
  Cumsum: cumulativeSum,
  Max: reduction('ReduceMax'),
  Mean: reduction('ReduceMean', (recorder, x) => cast(recorder, x, 'float32')),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  Softmax: kernel<{ logits: TensorInfo }, { dim: number }>((recorder, { logits }, { dim }) => recorder.emit('Softmax', [logits], logits, { axis: dim })),
  Sum: reduction('ReduceSum', (recorder, x) => (x.dtype === 'bool' ? cast(recorder, x, 'int32') : x)),
  TopK: topK,
};

/** Kernels that read or add rows by index. Ids must lie in [0, rows): ONNX wraps negative ones, tfjs drops them. */
import type { TensorInfo } from '@tensorflow/tfjs';
import { deviceError } from '../../core/errors.js';
import type { Recorder } from '../recorder.js';
import { normalizeAxes, sizeOf } from '../shapes.js';
import { kernel, reshape, type KernelTable } from './kernel.js';
import { scatterRows } from './scatter.js';

const gather = kernel<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims: number }>((recorder, { x, indices }, { axis, batchDims }) => {
  if (batchDims) throw deviceError('GatherV2 with batchDims is not supported in a program; flatten the indices');
  const along = normalizeAxes(axis, x.shape.length)[0]!;
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  return recorder.emit('Gather', [x, indices], { shape, dtype: x.dtype }, { axis: along });
});

const asInt64 = (recorder: Recorder, x: TensorInfo): string => recorder.node('Cast', [x], { to: 7 });

const gatherNd = kernel<{ params: TensorInfo; indices: TensorInfo }>((recorder, { params, indices }) => {
  const depth = indices.shape.at(-1)!;
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  return recorder.emit('GatherND', [params, asInt64(recorder, indices)], { shape, dtype: params.dtype });
});

const segmentSum = kernel<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>((recorder, { x, segmentIds }, { numSegments }) => {
  const n = sizeOf(segmentIds.shape);
  const tail = x.shape.slice(segmentIds.shape.length);
  const rows = reshape(recorder, x, [n, sizeOf(tail)]);
  return reshape(recorder, scatterRows(recorder, { rows, ids: segmentIds }, numSegments), [numSegments, ...tail]);
});

/** Addresses of several axes become row numbers, which scatterRows adds up in order. */
const scatterNd = kernel<{ indices: TensorInfo; updates: TensorInfo }, { shape: number[] }>((recorder, { indices, updates }, { shape }) => {
  const depth = indices.shape.at(-1)!;
  const n = sizeOf(indices.shape.slice(0, -1));
  const strides = Int32Array.from({ length: depth }, (_, axis) => sizeOf(shape.slice(axis + 1, depth)));
  const weighted = recorder.emit('Mul', [reshape(recorder, indices, [n, depth]), recorder.constant('int32', [depth], strides)], { shape: [n, depth], dtype: 'int32' });
  const ids = recorder.emit('ReduceSum', [weighted, recorder.integers([1])], { shape: [n], dtype: 'int32' }, { keepdims: 0 });
  const rows = reshape(recorder, updates, [n, sizeOf(shape.slice(depth))]);
  return reshape(recorder, scatterRows(recorder, { rows, ids }, sizeOf(shape.slice(0, depth))), shape);
});

interface OneHotAttributes { depth: number; onValue: number; offValue: number; dtype: 'float32' | 'int32' | 'bool' }

/** Equal + Where, not ONNX's OneHot: that one wraps −1 to the last class. */
const oneHot = kernel<{ indices: TensorInfo }, OneHotAttributes>((recorder, { indices }, { depth, onValue, offValue, dtype }) => {
  const shape = [...indices.shape, depth];
  const classes = recorder.constant('int32', [depth], Int32Array.from({ length: depth }, (_, i) => i));
  const isClass = recorder.node('Equal', [reshape(recorder, indices, [...indices.shape, 1]), classes]);
  return recorder.emit('Where', [isClass, recorder.scalar(onValue, dtype), recorder.scalar(offValue, dtype)], { shape, dtype });
});

export const indexing: KernelTable = {
  GatherNd: gatherNd,
  GatherV2: gather,
  OneHot: oneHot,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: segmentSum,
};

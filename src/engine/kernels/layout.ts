/** Kernels that move elements without computing: reshape, transpose, slice, join, pad, repeat. */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { equalShapes, normalizeAxes, sizeOf } from '../shapes.js';
import { tf } from '../tf.js';
import { kernel, reshape, type KernelTable, type Unary } from './kernel.js';

function reshapeLazily(recorder: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  if (equalShapes(shape, x.shape)) return recorder.alias(x);
  const uniform = recorder.uniform(x);
  if (uniform !== undefined) return recorder.fill(uniform, shape, x.dtype);
  if (recorder.hostValues(x)) return recorder.alias(x, shape);
  return reshape(recorder, x, shape);
}

const transpose = kernel<Unary, { perm: number[] }>((recorder, { x }, { perm }) => {
  if (perm.every((axis, i) => axis === i)) return recorder.alias(x);
  return recorder.emit('Transpose', [x], { shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype }, { perm });
});

const slice = kernel<Unary, { begin: number[]; size: number[] }>((recorder, { x }, { begin, size }) => {
  const [starts, shape] = tf.slice_util.parseSliceParams(x as never, begin, size) as [number[], number[]];
  if (equalShapes(shape, x.shape)) return recorder.alias(x);
  const uniform = recorder.uniform(x);
  if (uniform !== undefined) return recorder.fill(uniform, shape, x.dtype);
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== x.shape[axis]);
  const bounds = [axes.map((axis) => starts[axis]!), axes.map((axis) => starts[axis]! + shape[axis]!), axes];
  return recorder.emit('Slice', [x, ...bounds.map((values) => recorder.integers(values))], { shape, dtype: x.dtype });
});

interface StridedSliceAttributes {
  begin: number[]; end: number[]; strides: number[];
  beginMask: number; endMask: number; ellipsisMask: number; newAxisMask: number; shrinkAxisMask: number;
}

/** Smaller than any index: the end of a slice that runs backwards past the first element. */
const BEFORE_FIRST = -(2 ** 31);

const stridedSlice = kernel<Unary, StridedSliceAttributes>((recorder, { x }, a) => {
  const info = tf.slice_util.sliceInfo(x.shape, a.begin, a.end, a.strides, a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask);
  const { begin, end, strides } = info;
  const shape = tf.slice_util.computeOutShape(begin, end, strides);
  const ends = end.map((stop, axis) => (strides[axis]! < 0 && stop < 0 ? BEFORE_FIRST : stop));
  const y = recorder.emit('Slice', [x, ...[begin, ends, [...begin.keys()], strides].map((v) => recorder.integers(v))], { shape, dtype: x.dtype });
  return reshape(recorder, y, info.finalShape);
});

const reverse = kernel<Unary, { dims: number | number[] }>((recorder, { x }, { dims }) => {
  const axes = normalizeAxes(dims, x.shape.length);
  const bounds = [axes.map(() => -1), axes.map(() => BEFORE_FIRST), axes, axes.map(() => -1)];
  return recorder.emit('Slice', [x, ...bounds.map((values) => recorder.integers(values))], x);
});

const pad = kernel<Unary, { paddings: [number, number][]; constantValue: number }>((recorder, { x }, { paddings, constantValue }) => {
  const shape = x.shape.map((extent, axis) => extent + paddings[axis]![0] + paddings[axis]![1]);
  const amounts = recorder.integers([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
  return recorder.emit('Pad', [x, amounts, recorder.scalar(constantValue, x.dtype)], { shape, dtype: x.dtype });
});

const concat = kernel<Record<string, TensorInfo>, { axis: number }>((recorder, inputs, { axis }) => {
  const all = Object.values(inputs);
  const parts = all.filter((x) => sizeOf(x.shape) > 0);
  const first = parts[0] ?? all[0]!;
  if (parts.length < 2) return recorder.alias(first);
  const along = normalizeAxes(axis, first.shape.length)[0]!;
  const shape = first.shape.with(along, parts.reduce((sum, x) => sum + x.shape[along]!, 0));
  return recorder.emit('Concat', parts, { shape, dtype: first.dtype }, { axis: along });
});

const split = kernel<Unary, { numOrSizeSplits: number | number[]; axis: number }>((recorder, { x }, { numOrSizeSplits, axis }) => {
  const along = normalizeAxes(axis, x.shape.length)[0]!;
  const sizes = tf.backend_util.prepareSplitSize(x as never, numOrSizeSplits, along);
  if (sizes.length === 1) return [recorder.alias(x)];
  const results = sizes.map((size) => ({ shape: x.shape.with(along, size), dtype: x.dtype }));
  return recorder.emitAll('Split', [x, recorder.integers(sizes)], results, { axis: along });
});

const pack = kernel<Record<string, TensorInfo>, { axis: number }>((recorder, inputs, { axis }) => {
  const parts = Object.values(inputs);
  const first = parts[0]!;
  const along = axis < 0 ? axis + first.shape.length + 1 : axis;
  const slices = parts.map((x) => reshape(recorder, x, x.shape.toSpliced(along, 0, 1)));
  return recorder.emit('Concat', slices, { shape: first.shape.toSpliced(along, 0, parts.length), dtype: first.dtype }, { axis: along });
});

const unpack = kernel<{ value: TensorInfo }, { axis: number }>((recorder, { value }, { axis }) => {
  const along = normalizeAxes(axis, value.shape.length)[0]!;
  const count = value.shape[along]!;
  const shape = value.shape.toSpliced(along, 1);
  if (count === 1) return [reshape(recorder, value, shape)];
  const one = { shape: value.shape.with(along, 1), dtype: value.dtype };
  const sizes = recorder.integers(Array<number>(count).fill(1));
  return recorder.emitAll('Split', [value, sizes], Array(count).fill(one), { axis: along }).map((part) => reshape(recorder, part, shape));
});

const tile = kernel<Unary, { reps: number[] }>((recorder, { x }, { reps }) => {
  const shape = x.shape.map((extent, axis) => extent * reps[axis]!);
  if (x.shape.every((extent, axis) => reps[axis] === 1 || extent === 1)) return recorder.expand(x, shape);
  const uniform = recorder.uniform(x);
  if (uniform !== undefined) return recorder.fill(uniform, shape, x.dtype);
  return recorder.emit('Tile', [x, recorder.integers(reps)], { shape, dtype: x.dtype });
});

export const layout: KernelTable = {
  Concat: concat,
  ExpandDims: kernel<{ input: TensorInfo }, { dim: number }>((recorder, { input }, { dim }) =>
    reshapeLazily(recorder, input, input.shape.toSpliced(dim < 0 ? dim + input.shape.length + 1 : dim, 0, 1))),
  Pack: pack,
  PadV2: pad,
  Reshape: kernel<Unary, { shape: number[] }>((recorder, { x }, { shape }) => reshapeLazily(recorder, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape)))),
  Reverse: reverse,
  Slice: slice,
  SplitV: split,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
};

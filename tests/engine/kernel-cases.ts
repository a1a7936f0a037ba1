/** One case or more for each kernel; every axis a different prime. */
import { tf, type Tensor } from '../../src/engine/index.js';
import { bool, integer, real, type Argument, type Case } from './conformance.js';

type Rest = Pick<Case, 'tolerance' | 'gradients'>;
const unaryCase = (name: string, fn: (x: Tensor) => Tensor, input: Argument = real([3, 7]), rest: Rest = {}): Case => ({ name, inputs: [input], fn: ([x]) => fn(x!), ...rest });
const forwardOnly: Rest = { gradients: false };

const unary: Case[] = [
  unaryCase('abs', tf.abs), unaryCase('ceil', tf.ceil, real([3, 7], -5, 5)), unaryCase('clip', (x) => tf.clipByValue(x, -0.5, 0.25)),
  unaryCase('cos', tf.cos), unaryCase('sin', tf.sin), unaryCase('elu', tf.elu, real([3, 7], -2, 2), forwardOnly), unaryCase('erf', tf.erf, real([3, 7], -3, 3)),
  unaryCase('exp', tf.exp), unaryCase('expm1', tf.expm1, real([3, 7], -2, 2)), unaryCase('expm1 of tiny', tf.expm1, real([3, 7], -1e-6, 1e-6), { tolerance: { absolute: 1e-13 } }),
  unaryCase('floor', tf.floor, real([3, 7], -5, 5)), unaryCase('round', tf.round, real([3, 7], -5, 5)), unaryCase('isNaN', (x) => tf.isNaN(tf.sqrt(x))),
  unaryCase('isInf', (x) => tf.isInf(tf.div(1, tf.relu(x)))), unaryCase('leakyRelu', (x) => tf.leakyRelu(x, 0.2)), unaryCase('log', tf.log, real([3, 7], 0.1, 3)),
  unaryCase('log1p', tf.log1p, real([3, 7], -0.9, 3)), unaryCase('log1p of tiny', tf.log1p, real([3, 7], -1e-7, 1e-7), { tolerance: { absolute: 1e-14 } }),
  unaryCase('log1p of infinity', tf.log1p, { shape: [3], dtype: 'float32', data: Float32Array.of(Infinity, 0, -1) }, forwardOnly),
  unaryCase('logSigmoid', tf.logSigmoid), unaryCase('neg', tf.neg), unaryCase('reciprocal', tf.reciprocal, real([3, 7], 1, 2)), unaryCase('relu', tf.relu), unaryCase('relu6', tf.relu6, real([3, 7], -9, 9)),
  unaryCase('rsqrt', tf.rsqrt, real([3, 7], 1, 2)), unaryCase('selu', tf.selu, real([3, 7], -2, 2)), unaryCase('sigmoid', tf.sigmoid, real([3, 7], -5, 5)), unaryCase('sign', tf.sign),
  unaryCase('softplus', tf.softplus, real([3, 7], -5, 5)), unaryCase('sqrt', tf.sqrt, real([3, 7], 1, 2)), unaryCase('sqrt of negative is NaN', tf.sqrt, real([3, 7]), forwardOnly),
  unaryCase('square', tf.square), unaryCase('step', (x) => tf.step(x, 0.3)), unaryCase('tanh', tf.tanh),
];

const positive = { add: (a: Tensor) => tf.add(a, 3) };
const binaryFunctions: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add: tf.add, sub: tf.sub, mul: tf.mul, div: (a, b) => tf.div(a, positive.add(b)), pow: (a, b) => tf.pow(positive.add(a), b),
};
/** Their gradients throw in tfjs when they broadcast. */
const binaryWithoutBroadcastGradient: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference,
};
const shapePairs: [number[], number[]][] = [[[3, 5], [5]], [[2, 1, 5], [3, 1]], [[3, 5], []], [[], [3, 5]], [[3, 5], [3, 5]]];
const binary: Case[] = shapePairs.flatMap(([a, b]) => [
  ...Object.entries(binaryFunctions).map(([name, fn]): Case => ({ name: `${name} [${a}] [${b}]`, inputs: [real(a), real(b)], fn: ([x, y]) => fn(x!, y!) })),
  ...Object.entries(binaryWithoutBroadcastGradient).map(([name, fn]): Case => ({
    name: `${name} [${a}] [${b}]`, inputs: [real(a), real(b)], fn: ([x, y]) => fn(x!, y!), gradients: a.join() === b.join(),
  })),
]);

const arithmetic: Case[] = [
  { name: 'mod of reals', inputs: [real([3, 7], -9, 9), real([7], 1, 2)], fn: ([a, b]) => tf.mod(a!, b!), gradients: false },
  { name: 'mod of integers', inputs: [integer([3, 7], -17, 17), integer([7], 1, 5)], fn: ([a, b]) => tf.mod(a!, b!) },
  { name: 'floorDiv', inputs: [integer([3, 7], -17, 17), integer([7], 1, 5)], fn: ([a, b]) => tf.floorDiv(a!, b!) },
  { name: 'addN', inputs: [real([3, 5]), real([3, 5]), real([3, 5])], fn: (xs) => tf.addN(xs) },
  { name: 'constants fold', inputs: [real([3, 5])], fn: ([x]) => tf.mul(x!, tf.div(tf.mul(tf.ones([3, 5]), 3), tf.fill([5], 7))) },
  { name: 'neutral elements broadcast', inputs: [real([5])], fn: ([x]) => tf.add(tf.mul(tf.ones([3, 5]), x!), tf.zeros([2, 3, 5])) },
  { name: 'two lazily expanded operands', inputs: [real([3, 1]), real([5])], fn: ([a, b]) => tf.mul(tf.mul(tf.ones([3, 5]), a!), tf.exp(tf.mul(tf.ones([2, 3, 5]), b!))) },
  { name: 'an expanded tensor reshaped', inputs: [real([1, 5]), real([])], fn: ([x, s]) => tf.add(tf.reshape(tf.tile(x!, [3, 1]), [5, 3]), tf.reshape(tf.mul(s!, tf.ones([5, 3])), [5, 3])) },
  { name: 'int + float', inputs: [integer([3, 5], -9, 9), real([3, 5])], fn: ([a, b]) => tf.add(a!, b!) },
  { name: 'bool · float', inputs: [bool([3, 5]), real([3, 5])], fn: ([a, b]) => tf.mul(a!, b!) },
  { name: 'NaN and infinity pass', inputs: [{ shape: [4], dtype: 'float32', data: Float32Array.of(NaN, Infinity, -Infinity, 0) }], fn: ([x]) => tf.add(tf.mul(x!, 2), 1) },
];

const logic: Case[] = [
  ...(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const).map((name): Case => ({ name, inputs: [integer([3, 5], 0, 3), integer([5], 0, 3)], fn: ([a, b]) => tf[name](a!, b!) })),
  ...(['logicalAnd', 'logicalOr', 'logicalXor'] as const).map((name): Case => ({ name, inputs: [bool([3, 5]), bool([5])], fn: ([a, b]) => tf[name](a!, b!) })),
  { name: 'logicalNot', inputs: [bool([3, 5])], fn: ([a]) => tf.logicalNot(a!) },
  { name: 'where', inputs: [bool([3, 5]), real([3, 5]), real([3, 5])], fn: ([c, a, b]) => tf.where(c!, a!, b!) },
  { name: 'where broadcast', inputs: [bool([2, 1, 5]), real([2, 3, 5])], fn: ([c, a]) => tf.where(c!, a!, tf.scalar(-7)) },
  { name: 'where of equal ranks, masked scores', inputs: [bool([2, 1, 1, 5]), real([2, 3, 7, 5])], fn: ([c, a]) => tf.softmax(tf.where(c!, a!, tf.scalar(-1e9))) },
];

const axes: [number | number[] | undefined, boolean][] = [[undefined, false], [-1, true], [[0, 2], false], [1, false]];
const reductions: Case[] = [
  ...axes.flatMap(([axis, keep]) => (['sum', 'mean', 'max', 'min'] as const).map((name) => unaryCase(`${name} over ${String(axis)}`, (x) => tf[name](x, axis, keep), real([2, 3, 5])))),
  unaryCase('logSumExp', (x) => tf.logSumExp(x, -1), real([3, 5])), unaryCase('prod', (x) => tf.prod(x, 1), real([3, 5], 1, 2), forwardOnly),
  unaryCase('sum over an axis of one', (x) => tf.sum(x, 1), real([3, 1, 5])), unaryCase('all', (x) => tf.all(x, 1), bool([3, 5])), unaryCase('any', (x) => tf.any(x, 1), bool([3, 5])),
  unaryCase('sum of bool', (x) => tf.sum(x), bool([3, 5])), unaryCase('mean of int', (x) => tf.mean(x), integer([3, 5], 0, 9)),
  unaryCase('argMax', (x) => tf.argMax(x, -1), real([3, 5])), unaryCase('argMin', (x) => tf.argMin(x, 0), real([3, 5])),
  unaryCase('cumsum', (x) => tf.cumsum(x, 1), real([3, 5])), unaryCase('cumsum, exclusive, reverse', (x) => tf.cumsum(x, 1, true, true), real([3, 5])),
  unaryCase('softmax', (x) => tf.softmax(x), real([2, 3, 5], -4, 4)), unaryCase('logSoftmax', (x) => tf.logSoftmax(x), real([2, 3, 5], -4, 4)),
  unaryCase('topk values', (x) => tf.topk(x, 3).values, real([3, 7]), forwardOnly), unaryCase('topk indices', (x) => tf.topk(x, 3).indices, real([3, 7]), forwardOnly),
  unaryCase('moments', (x) => { const { mean, variance } = tf.moments(x, -1, true); return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))); }, real([3, 5])),
];

const products: Case[] = [
  ...[false, true].flatMap((ta) => [false, true].flatMap((tb): Case[] => [
    { name: `matMul ${ta} ${tb}`, inputs: [real(ta ? [5, 3] : [3, 5]), real(tb ? [7, 5] : [5, 7])], fn: ([a, b]) => tf.matMul(a!, b!, ta, tb) },
    { name: `batched matMul ${ta} ${tb}`, inputs: [real([2, 3, ...(ta ? [7, 5] : [5, 7])]), real([2, 3, ...(tb ? [11, 7] : [7, 11])])], fn: ([a, b]) => tf.matMul(a!, b!, ta, tb) },
  ])),
  { name: 'matMul with batch axes of one', inputs: [real([1, 1, 3, 5]), real([1, 1, 5, 7])], fn: ([a, b]) => tf.matMul(a!, b!) },
  { name: 'matMul with broadcast batch', inputs: [real([2, 3, 5, 7]), real([1, 1, 7, 5])], fn: ([a, b]) => tf.matMul(a!, b!), gradients: false },
  { name: 'dot', inputs: [real([5]), real([5])], fn: ([a, b]) => tf.dot(a!, b!) },
];

const layout: Case[] = [
  unaryCase('transpose', (x) => tf.transpose(x, [2, 0, 1]), real([2, 3, 5])), unaryCase('reshape', (x) => tf.reshape(x, [-1, 5]), real([2, 3, 5])),
  unaryCase('expandDims, squeeze', (x) => tf.squeeze(tf.expandDims(x, -1)), real([2, 1, 5])), unaryCase('slice', (x) => tf.slice(x, [1, 0, 2], [2, -1, 3]), real([3, 5, 7])),
  unaryCase('stridedSlice', (x) => tf.stridedSlice(x, [0, 1], [5, 7], [2, 3]), real([5, 7]), forwardOnly), unaryCase('stridedSlice backwards', (x) => tf.stridedSlice(x, [4, -1], [-6, 0], [-2, -3]), real([5, 7]), forwardOnly),
  unaryCase('reverse', (x) => tf.reverse(x, 1), real([3, 5])), unaryCase('pad', (x) => tf.pad(x, [[1, 2], [0, 3]], -9), real([3, 5])),
  unaryCase('tile', (x) => tf.tile(x, [3, 2]), real([2, 3])), unaryCase('broadcastTo', (x) => tf.broadcastTo(x, [2, 5, 3]), real([2, 1, 3])),
  { name: 'concat', inputs: [real([2, 3]), real([2, 5]), real([2, 1])], fn: (xs) => tf.concat(xs, 1) },
  { name: 'stack, unstack', inputs: [real([3, 5]), real([3, 5])], fn: ([a, b]) => tf.stack(tf.unstack(tf.stack([a!, b!], 1), 0).reverse(), 1) },
  unaryCase('unstack of one', (x) => tf.unstack(x)[0]!, real([1, 5]), forwardOnly), unaryCase('split', (x) => { const [a, b, c] = tf.split(x, [2, 4, 1], 1); return tf.concat([c!, a!, b!], 1); }, real([3, 7])),
  unaryCase('split in one', (x) => tf.split(x, 1, 1)[0]!, real([3, 7]), forwardOnly),
];

const indexing: Case[] = [
  { name: 'gather', inputs: [real([11, 3]), integer([2, 5], 0, 11)], fn: ([x, ids]) => tf.gather(x!, ids!) },
  { name: 'gather, ids repeated often', inputs: [real([5, 3]), integer([101], 0, 5)], fn: ([x, ids]) => tf.gather(x!, ids!) },
  { name: 'gather along axis 1', inputs: [real([3, 11, 2]), integer([5], 0, 11)], fn: ([x, ids]) => tf.gather(x!, ids!, 1) },
  { name: 'gatherND', inputs: [real([7, 5]), { shape: [3, 2], dtype: 'int32', data: Int32Array.of(0, 1, 6, 4, 2, 2) }], fn: ([x, ids]) => tf.gatherND(x!, ids!), gradients: false },
  { name: 'scatterND, repeated', inputs: [{ shape: [4, 2], dtype: 'int32', data: Int32Array.of(0, 1, 6, 4, 0, 1, 2, 2) }, real([4, 3])], fn: ([ids, x]) => tf.scatterND(ids as never, x!, [7, 5, 3]), gradients: false },
  { name: 'unsortedSegmentSum', inputs: [real([13, 3]), integer([13], 0, 5)], fn: ([x, ids]) => tf.unsortedSegmentSum(x!, ids as never, 5) },
  { name: 'oneHot, −1 is no class', inputs: [integer([3, 5], -1, 7)], fn: ([ids]) => tf.oneHot(ids!, 7, 2, -3, 'float32') },
];

const filling: Case[] = [
  unaryCase('cast to int and back', (x) => tf.cast(tf.cast(x, 'int32'), 'float32'), real([3, 5], -9, 9)), unaryCase('cast to bool', (x) => tf.cast(tf.relu(x), 'bool'), real([3, 5])),
  unaryCase('zerosLike, onesLike', (x) => tf.sub(tf.onesLike(x), tf.mul(tf.zerosLike(x), x)), real([3, 5])), unaryCase('range', (x) => tf.mul(x, tf.range(7, 2, -1)), real([3, 5])),
  unaryCase('linspace', (x) => tf.mul(x, tf.linspace(-1, 2, 5)), real([3, 5])), unaryCase('a captured constant', (x) => tf.mul(x, tf.tensor1d([1, 2, 3, 5, 7])), real([3, 5])),
  unaryCase('clone', (x) => tf.clone(x), real([3, 5])), unaryCase('fill of int', (x) => tf.add(x, tf.fill([5], 3, 'int32')), integer([3, 5], 0, 5)),
];

export const kernelCases: Case[] = [...unary, ...binary, ...arithmetic, ...logic, ...reductions, ...products, ...layout, ...indexing, ...filling];

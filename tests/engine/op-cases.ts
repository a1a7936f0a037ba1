/** Cases of the fused operations. */
import {
  attention, attentionScores, bceWithLogits, crossEntropy, dropout, feedForward, gatherRows, gelu, graphAttention, layerNorm, linear, linearScan, planEdges, softmax, staticTensor, stopGradient, sumOfSquares, tf, type Tensor,
} from '../../src/engine/index.js';
import { createRng } from '../../src/core/rng.js';
import { bool, integer, real, type Argument, type Case } from './conformance.js';

/** Self-loops, random edges, repeated edges, and a node (the last) that nothing points at. Node 0 has many neighbours. */
export function randomGraph(nodes: number, edges: number): { source: Int32Array; target: Int32Array } {
  const rng = createRng('graph', nodes, edges);
  const pairs: [number, number][] = Array.from({ length: nodes - 1 }, (_, i) => [i, i]);
  for (let e = 0; e < edges; e++) pairs.push([e % 3 ? rng.integer(nodes) : 1, e % 4 ? rng.integer(nodes - 1) : 0]);
  return { source: Int32Array.from(pairs, ([s]) => s), target: Int32Array.from(pairs, ([, t]) => t) };
}

const graph = randomGraph(11, 61);
const plan = planEdges(graph.source, graph.target, 11);
/** Only some nodes attend, in an order of their own; node 8 has no incoming edge. */
const partial = planEdges(Int32Array.of(0, 2, 2, 10, 9, 1, 7), Int32Array.of(5, 5, 5, 5, 3, 3, 1), 11, Int32Array.of(5, 8, 1, 3));

/** Which of 2 × 11 keys may be read: the second row has none. */
const gappy: Argument = { shape: [2, 11], dtype: 'bool', data: Uint8Array.from({ length: 22 }, (_, i) => Number(i < 7)) };
const full: Argument = { shape: [2, 11], dtype: 'bool', data: new Uint8Array(22).fill(1) };
const attended = [real([2, 5, 21]), real([2, 11, 21]), real([2, 11, 39])];
const biasOf = (mask_BS: Tensor): Tensor => tf.reshape(tf.mul(tf.sub(tf.cast(mask_BS, 'float32'), 1), 1e9), [2, 1, 1, 11]);

const attentionCases: Case[] = [false, true].flatMap((gradients): Case[] => [
  { name: 'attention', inputs: attended, fn: ([q, k, v]) => attention(q!, k!, v!, { heads: 3 }), gradients },
  { name: 'attention, mask', inputs: [...attended, gappy], fn: ([q, k, v, m]) => attention(q!, k!, v!, { heads: 3, bias: biasOf(m!) }), gradients },
  { name: 'attention, mask without gaps', inputs: [...attended, full], fn: ([q, k, v, m]) => attention(q!, k!, v!, { heads: 3, bias: biasOf(m!) }), gradients },
  { name: 'attention, dropout', inputs: [...attended, gappy], fn: ([q, k, v, m], noise) => attention(q!, k!, v!, { heads: 3, bias: biasOf(m!), dropout: { keep: noise.keep('site', [2, 3, 5, 11], 0.4), probability: 0.4 } }), gradients },
  { name: 'attention, one query, one head', inputs: [real([2, 1, 7]), real([2, 11, 7]), real([2, 11, 7]), gappy], fn: ([q, k, v, m]) => attention(q!, k!, v!, { heads: 1, bias: biasOf(m!) }), gradients },
]).map((test) => ({ ...test, name: `${test.name}${test.gradients ? '' : ', inference'}` }));

export const opCases: Case[] = [
  ...attentionCases,
  { name: 'feedForward', inputs: [real([2, 3, 5]), real([7, 5]), real([7]), real([11, 7]), real([11])], fn: ([x, w, b, v, c]) => feedForward(x!, { weight: w!, bias: b! }, { weight: v!, bias: c! }) },
  { name: 'feedForward, unequal blocks', inputs: [real([3, 5]), real([1031, 5]), real([1031]), real([7, 1031]), real([7])], fn: ([x, w, b, v, c]) => feedForward(x!, { weight: w!, bias: b! }, { weight: v!, bias: c! }) },
  { name: 'linear', inputs: [real([3, 5]), real([7, 5]), real([7])], fn: ([x, w, b]) => linear(x!, w!, b) },
  { name: 'linear of rank 4', inputs: [real([2, 1, 3, 5]), real([7, 5]), real([7])], fn: ([x, w, b]) => linear(x!, w!, b) },
  { name: 'linear of rank 1, no bias', inputs: [real([5]), real([7, 5])], fn: ([x, w]) => linear(x!, w!) },
  { name: 'layerNorm', inputs: [real([2, 3, 5]), real([5]), real([5])], fn: ([x, g, b]) => layerNorm(x!, g!, b!, 1e-5), tolerance: { relative: 1e-4, absolute: 1e-5 } },
  { name: 'layerNorm of rank 1', inputs: [real([7]), real([7]), real([7])], fn: ([x, g, b]) => layerNorm(x!, g!, b!, 1e-5), tolerance: { relative: 1e-4, absolute: 1e-5 } },
  { name: 'gelu', inputs: [real([3, 5], -4, 4)], fn: ([x]) => gelu(x!) },
  { name: 'attentionScores', inputs: [real([2, 3, 5, 7]), real([2, 3, 11, 7])], fn: ([q, k]) => attentionScores(q!, k!, 0.3) },
  { name: 'attentionScores, one head', inputs: [real([1, 1, 5, 7]), real([1, 1, 11, 7])], fn: ([q, k]) => attentionScores(q!, k!, 0.3) },
  { name: 'softmax', inputs: [real([2, 3, 5], -4, 4)], fn: ([x]) => softmax(x!) },
  { name: 'bceWithLogits', inputs: [real([3, 7], -30, 30), bool([3, 7])], fn: ([z, y]) => bceWithLogits(z!, tf.cast(y!, 'float32')) },
  { name: 'bceWithLogits, soft labels', inputs: [real([3, 7], -3, 3), real([3, 7], 0, 1)], fn: ([z, y]) => bceWithLogits(z!, y!) },
  { name: 'crossEntropy', inputs: [real([5, 7], -30, 30), integer([5], 0, 7)], fn: ([z, t]) => crossEntropy(z!, t!) },
  { name: 'crossEntropy of many classes', inputs: [real([13, 3001], -4, 4), integer([13], 0, 3001)], fn: ([z, t]) => crossEntropy(z!, t!) },
  { name: 'dropout', inputs: [real([2, 3, 5])], fn: ([x], noise) => dropout(x!, 0.4, 'site', noise) },
  { name: 'dropout of rank 1', inputs: [real([7])], fn: ([x], noise) => dropout(x!, 0.4, 'site', noise) },
  { name: 'gatherRows', inputs: [real([11, 3]), integer([2, 5], 0, 11)], fn: ([table, ids]) => gatherRows(table!, ids!) },
  { name: 'gatherRows, ids repeated often', inputs: [real([5, 3]), integer([101], 0, 5)], fn: ([table, ids]) => gatherRows(table!, ids!) },
  { name: 'gatherRows, more than one block', inputs: [real([31, 113]), integer([307], 0, 31)], fn: ([table, ids]) => gatherRows(table!, ids!), tolerance: { absolute: 1e-5 } },
  { name: 'gatherRows of width 1', inputs: [real([5, 1]), integer([7], 0, 5)], fn: ([table, ids]) => gatherRows(table!, ids!) },
  ...[false, true].flatMap((reverse): Case[] => [1, 2, 7, 11].map((times) => (
    { name: `linearScan of ${times} times${reverse ? ', reverse' : ''}`, inputs: [real([3, times, 5], 0, 1), real([3, times, 5])], fn: ([a, b]) => linearScan(a!, b!, { reverse }) }))),
  { name: 'sumOfSquares', inputs: [real([3, 5])], fn: ([x]) => sumOfSquares(x!) },
  { name: 'stopGradient', inputs: [real([3, 5])], fn: ([x]) => tf.mul(stopGradient(x!), tf.square(x!)) },
  { name: 'staticTensor', inputs: [real([3, 5])], fn: ([x]) => tf.mul(x!, staticTensor(Float32Array.of(1, 2, 3, 5, 7), [5])) },
  ...[{ name: 'graphAttention', plan }, { name: 'graphAttention of some nodes', plan: partial }].flatMap(({ name, plan }): Case[] => [
    { name, inputs: [real([11, 3, 5]), real([11, 2, 3])], fn: ([values, scores]) => graphAttention({ values: values!, scores: scores! }, plan), tolerance: { relative: 1e-4, absolute: 5e-6 } },
    { name: `${name}, shared values`, inputs: [real([11, 1, 5]), real([11, 2, 3])], fn: ([values, scores]) => graphAttention({ values: values!, scores: scores! }, plan), tolerance: { relative: 1e-4, absolute: 5e-6 } },
  ]),
];

/** Graph attention (Veličković et al. 2018) over the edges of a fixed graph. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { staticTensor } from './constants.js';
import { rowsByHead, type GraphPlan, type GraphRows, type IncomingRows } from './graph-plan.js';
import { withGradient } from './trace.js';

export interface GraphAttentionInput {
  /** [N, H, K]: what each head sums up; [N, 1, K]: what all heads do. */
  values: Tensor;
  /** [N, 2, H]: each node's part in the score of an edge as the edge's source, and as its target. */
  scores: Tensor;
}

/**
 * out_t = Σ α_st v_s over the edges s → t, with α the softmax over t's incoming edges of LeakyReLU(source score of s + target score of t).
 * A target without incoming edges gets zeros.
 * @returns [targets, H, K]
 */
export function graphAttention({ values, scores }: GraphAttentionInput, plan: GraphPlan, negativeSlope = 0.2): Tensor {
  const [heads, width] = checkShapes(values, scores, plan);
  const shared = heads / values.shape[1]!;
  const graph: Graph = { ...rowsByHead(plan, { heads, shared }), nodes: plan.nodes, targets: plan.targets.length, heads, shared, negativeSlope };
  const [rows, flatScores] = [tf.reshape(values, [-1, width]), tf.reshape(scores, [-1])];
  const out = activeRecorder() ? withGradient([rows, flatScores], ([v, s]) => attendWithGradient(v!, s!, graph)) : attend(rows, flatScores, graph).out;
  return tf.reshape(out, [graph.targets, heads, width]);
}

function checkShapes(values: Tensor, scores: Tensor, { nodes }: GraphPlan): [heads: number, width: number] {
  const heads = scores.shape[2]!;
  const agree = values.rank === 3 && values.shape[0] === nodes && [1, heads].includes(values.shape[1]!) && scores.shape.join() === [nodes, 2, heads].join();
  if (!agree) throw shapeError(`graphAttention: values [${values.shape}] and scores [${scores.shape}]; expected [${nodes}, heads or 1, width] and [${nodes}, 2, heads] (the plan's nodes)`);
  return [heads, values.shape[2]!];
}

interface Graph extends GraphRows {
  nodes: number;
  targets: number;
  heads: number;
  /** Heads that read one row of values: 1, or all. */
  shared: number;
  negativeSlope: number;
}

/** values [N·H/M, K], scores [N·2·H] → out [T·H, K] and, for each table, the edges' sums of scores and weights [R, L]; M heads share values. */
function attend(values: Tensor, scores: Tensor, { incoming, targets, heads, shared, negativeSlope }: Graph) {
  const tables = incoming.map((table) => {
    const [rows, length] = [table.segments.length, table.width];
    const sums = tf.add(tf.gather(scores, staticTensor(table.sourceScores, [rows, length])), tf.gather(scores, staticTensor(table.targetScores, [rows, 1])));
    const logits = tf.leakyRelu(sums, negativeSlope);
    const weights = tf.softmax(table.bias ? tf.add(logits, staticTensor(table.bias, [rows, length])) : logits);
    return { sums, weights, out: sumRows(tf.reshape(weights, [-1, shared, length]), tf.gather(values, sourcesOf(table))) };
  });
  const out = inOrder(tables.map((table) => table.out), incoming, targets * heads);
  return { out, sums: tables.map((table) => table.sums), weights: tables.map((table) => table.weights) };
}

/** Gradients are summed by source in tables too; plain tfjs would add them by index. */
function attendWithGradient(values: Tensor, scores: Tensor, graph: Graph) {
  const { out, sums, weights } = attend(values, scores, graph);
  return {
    value: out,
    saved: [values, ...sums, ...weights],
    gradient: (dy: Tensor, [values, ...saved]: Tensor[]) => {
      const weights = saved.slice(sums.length);
      const dSums = graph.incoming.map((table, i) => {
        const dy_RMK = tf.gather(dy, staticTensor(table.segments, [table.segments.length / graph.shared, graph.shared]));
        const dWeights = tf.reshape(tf.matMul(dy_RMK, tf.gather(values!, sourcesOf(table)), false, true), weights[i]!.shape);
        const weighted = tf.mul(dWeights, weights[i]!);
        const dLogits = tf.sub(weighted, tf.mul(weights[i]!, tf.sum(weighted, -1, true)));
        return tf.where(tf.greater(saved[i]!, 0), dLogits, tf.mul(dLogits, graph.negativeSlope));
      });
      return [valuesGradient(dy, weights, graph), scoresGradient(dSums, graph)];
    },
  };
}

/** Σ α dy over a source's outgoing edges, and over the heads that share its values. */
function valuesGradient(dy: Tensor, weights: Tensor[], { outgoing, nodes, heads, shared }: Graph): Tensor {
  const flat = endWithZero(weights);
  const parts = outgoing.map(({ edges, targets, segments, width }) => {
    const shape = [segments.length / shared, width * shared];
    return sumRows(tf.expandDims(tf.gather(flat, staticTensor(edges, shape)), 1), tf.gather(dy, staticTensor(targets, shape)));
  });
  const rows = outgoing.map(({ segments }) => ({ segments: segments.filter((_, i) => i % shared === 0).map((row) => row / shared) }));
  return inOrder(parts, rows, (nodes * heads) / shared);
}

/** Of the edges' sums, to their sources and targets: [N·2·H]. */
function scoresGradient(dSums: Tensor[], { incoming, outgoing, nodes, heads }: Graph): Tensor {
  const flat = endWithZero(dSums);
  const source = outgoing.map(({ edges, segments, width }) => tf.sum(tf.gather(flat, staticTensor(edges, [segments.length, width])), -1, true));
  const target = dSums.map((d) => tf.sum(d, -1, true));
  const tables = [...outgoing.map(({ sourceScores }) => ({ segments: sourceScores })), ...incoming.map(({ targetScores }) => ({ segments: targetScores }))];
  return tf.reshape(inOrder([...source, ...target], tables, nodes * 2 * heads), [-1]);
}

const sourcesOf = ({ sources, width }: IncomingRows): Tensor => staticTensor(sources, [sources.length / width, width]);

/** weights [R, M, L], x [R, L, K] → [R·M, K] */
function sumRows(weights_RML: Tensor, x_RLK: Tensor): Tensor {
  const [rows, length, width] = x_RLK.shape as [number, number, number];
  const many = weights_RML.shape[1]!;
  const sums = length === 1 && many === 1 ? tf.mul(weights_RML, x_RLK) : tf.matMul(weights_RML, x_RLK);
  return tf.reshape(sums, [rows * many, width]);
}

/** The tables' elements one after the other, then a zero: what absent edges read. */
const endWithZero = (tables: Tensor[]): Tensor => tf.concat([...tables.map((table) => tf.reshape(table, [-1])), tf.zeros([1])], 0);

/** The tables' rows in the order of their segments, zeros for segments in no table: [count, K]. */
function inOrder(parts_RK: Tensor[], tables: readonly { segments: Int32Array }[], count: number): Tensor {
  const total = tables.reduce((sum, { segments }) => sum + segments.length, 0);
  const order = new Int32Array(count).fill(total);
  let row = 0;
  for (const { segments } of tables) for (const segment of segments) order[segment] = row++;
  const rows = tf.concat(total < count ? [...parts_RK, tf.zeros([1, parts_RK[0]!.shape[1]!])] : parts_RK, 0);
  return order.every((row, i) => row === i) ? rows : tf.gather(rows, staticTensor(order, [count]));
}

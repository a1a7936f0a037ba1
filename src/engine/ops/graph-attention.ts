/** Graph attention (Veličković et al. 2018) over the edges of a fixed graph. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { staticTensor } from './constants.js';
import { rowsByHead, type GraphPlan, type GraphRows, type IncomingRows } from './graph-plan.js';
import { withGradient } from './trace.js';

/**
 * out_t = Σ α_st h_s over the edges s → t, with α the softmax over t's incoming edges of LeakyReLU(a_s·h_s + a_t·h_t).
 * A target without incoming edges gets zeros.
 * @param h [N, H, K] @param attentionSource a_s [H, K] @param attentionTarget a_t [H, K] @returns [targets, H, K]
 */
export function graphAttention(h_NHK: Tensor, attentionSource_HK: Tensor, attentionTarget_HK: Tensor, plan: GraphPlan, negativeSlope = 0.2): Tensor {
  if (h_NHK.rank !== 3 || h_NHK.shape[0] !== plan.nodes) throw shapeError(`graphAttention: h has shape [${h_NHK.shape}], expected [${plan.nodes}, heads, width] (the plan's nodes)`);
  const [nodes, heads, width] = h_NHK.shape as [number, number, number];
  const h_ND = tf.reshape(h_NHK, [nodes, heads * width]);
  const scores = (vector_HK: Tensor): Tensor => tf.reshape(tf.matMul(h_ND, blockDiagonal(vector_HK)), [-1]);
  const inputs = [tf.reshape(h_ND, [nodes * heads, width]), scores(attentionSource_HK), scores(attentionTarget_HK)] as const;
  const graph: Graph = { rows: rowsByHead(plan, heads), nodes: nodes * heads, targets: plan.targets.length * heads, negativeSlope };
  const out = activeRecorder() ? withGradient([...inputs], ([h, source, target]) => attendWithGradient(h!, source!, target!, graph)) : attend(...inputs, graph).out;
  return tf.reshape(out, [plan.targets.length, heads, width]);
}

/** [H, K] → [H·K, H], by which a row of all heads gives each head's inner product. */
function blockDiagonal(vector_HK: Tensor): Tensor {
  const [heads, width] = vector_HK.shape as [number, number];
  const isOwn = Float32Array.from({ length: heads * width * heads }, (_, i) => Number(Math.floor(i / heads / width) === i % heads));
  return tf.mul(tf.reshape(vector_HK, [heads * width, 1]), staticTensor(isOwn, [heads * width, heads]));
}

/** Nodes, targets and edges of all heads: each head has a copy of the graph. */
interface Graph {
  rows: GraphRows;
  nodes: number;
  targets: number;
  negativeSlope: number;
}

/** h [N, K], scores [N] → out [T, K] and, for each table, the edges' sums of scores and weights [R, L]. */
function attend(h: Tensor, source: Tensor, target: Tensor, { rows, targets, negativeSlope }: Graph) {
  const tables = rows.incoming.map((table) => {
    const sums = tf.add(tf.gather(source, sourcesOf(table)), tf.gather(target, staticTensor(table.nodes, [table.nodes.length, 1])));
    const logits = tf.leakyRelu(sums, negativeSlope);
    const weights = tf.softmax(table.bias ? tf.add(logits, staticTensor(table.bias, sums.shape)) : logits);
    return { sums, weights, out: sumRows(weights, tf.gather(h, sourcesOf(table))) };
  });
  const out = inOrder(tables.map((table) => table.out), rows.incoming, targets);
  return { out, sums: tables.map((table) => table.sums), weights: tables.map((table) => table.weights) };
}

/** The gradient of h is summed by source; in plain tfjs it would be added by index. */
function attendWithGradient(h: Tensor, source: Tensor, target: Tensor, graph: Graph) {
  const { incoming, outgoing } = graph.rows;
  const { out, sums, weights } = attend(h, source, target, graph);
  return {
    value: out,
    saved: [h, ...sums, ...weights],
    gradient: (dy: Tensor, [h, ...saved]: Tensor[]) => {
      const [sums, weights] = [saved.slice(0, incoming.length), saved.slice(incoming.length)];
      const dSums = incoming.map((table, i) => {
        const dy_R1K = tf.gather(dy, staticTensor(table.segments, [table.segments.length, 1]));
        const dWeights = tf.reshape(tf.matMul(dy_R1K, tf.gather(h!, sourcesOf(table)), false, true), sums[i]!.shape);
        const weighted = tf.mul(dWeights, weights[i]!);
        const dLogits = tf.sub(weighted, tf.mul(weights[i]!, tf.sum(weighted, -1, true)));
        return tf.where(tf.greater(sums[i]!, 0), dLogits, tf.mul(dLogits, graph.negativeSlope));
      });
      const [flatWeights, flatSums] = [endWithZero(weights), endWithZero(dSums)];
      const edges = outgoing.map((table) => staticTensor(table.edges, [table.segments.length, table.width]));
      const dh = outgoing.map((table, i) => sumRows(tf.gather(flatWeights, edges[i]!), tf.gather(dy, staticTensor(table.targets, edges[i]!.shape))));
      const dSource = edges.map((ids) => tf.sum(tf.gather(flatSums, ids), -1, true));
      const dTarget = dSums.map((d) => tf.sum(d, -1, true));
      return [
        inOrder(dh, outgoing, graph.nodes),
        tf.reshape(inOrder(dSource, outgoing, graph.nodes), [-1]),
        tf.reshape(inOrder(dTarget, incoming.map(({ nodes }) => ({ segments: nodes })), graph.nodes), [-1]),
      ];
    },
  };
}

const sourcesOf = ({ sources, segments, width }: IncomingRows): Tensor => staticTensor(sources, [segments.length, width]);

/** weights [R, L], x [R, L, K] → [R, K] */
function sumRows(weights_RL: Tensor, x_RLK: Tensor): Tensor {
  const [rows, length, width] = x_RLK.shape as [number, number, number];
  if (length === 1) return tf.mul(weights_RL, tf.reshape(x_RLK, [rows, width]));
  return tf.reshape(tf.matMul(tf.expandDims(weights_RL, 1), x_RLK), [rows, width]);
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

/** Graph attention (Veličković et al. 2018) over the edges of a fixed graph. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../../core/errors.js';
import { activeRecorder } from '../recorder.js';
import { tf } from '../tf.js';
import { gatherNodes, maxEdges, planEdgeEnd, sumEdges, type EdgeEnd } from './segments.js';
import { withGradient } from './trace.js';

export interface GraphPlan {
  readonly nodes: number;
  readonly edges: number;
  readonly source: EdgeEnd;
  readonly target: EdgeEnd;
}

/**
 * Plans attention along the edges source[e] → target[e] of a graph of `nodes` nodes; made once, used by every program.
 * Add an edge from each node to itself where a node should attend to itself. @throws shape error on ids outside the graph
 */
export function planEdges(source: Int32Array, target: Int32Array, nodes: number): GraphPlan {
  if (source.length !== target.length || !source.length) throw shapeError(`planEdges: ${source.length} sources and ${target.length} targets; expected as many of both, at least one`);
  for (const [name, ids] of [['source', source], ['target', target]] as const) {
    const bad = ids.findIndex((id) => id < 0 || id >= nodes);
    if (bad >= 0) throw shapeError(`planEdges: ${name}[${bad}] is ${ids[bad]}, expected a node in [0, ${nodes})`);
  }
  return { nodes, edges: source.length, source: planEdgeEnd(source, nodes), target: planEdgeEnd(target, nodes) };
}

/**
 * out_t = Σ α_st h_s over the edges s → t, with α the softmax over t's incoming edges of LeakyReLU(a_s·h_s + a_t·h_t).
 * A node without incoming edges gets zeros.
 * @param h [N, H, K] @param attentionSource a_s [H, K] @param attentionTarget a_t [H, K] @returns [N, H, K]
 */
export function graphAttention(h_NHK: Tensor, attentionSource_HK: Tensor, attentionTarget_HK: Tensor, plan: GraphPlan, negativeSlope = 0.2): Tensor {
  if (h_NHK.rank !== 3 || h_NHK.shape[0] !== plan.nodes) throw shapeError(`graphAttention: h has shape [${h_NHK.shape}], expected [${plan.nodes}, heads, width] (the plan's nodes)`);
  const score = (vector_HK: Tensor): Tensor => tf.sum(tf.mul(h_NHK, vector_HK), -1);
  const source_EH = gatherNodes(score(attentionSource_HK), plan.source);
  const target_EH = gatherNodes(score(attentionTarget_HK), plan.target);
  const weights_EH = softmaxOverIncoming(tf.leakyRelu(tf.add(source_EH, target_EH), negativeSlope), plan.target);
  return weightedSum(h_NHK, weights_EH, plan);
}

/** Softmax over the edges that share a target. */
function softmaxOverIncoming(scores_EH: Tensor, target: EdgeEnd): Tensor {
  const normalise = (scores: Tensor, largest_NH: Tensor): Tensor => {
    const exponentials = tf.exp(tf.sub(scores, gatherNodes(largest_NH, target)));
    return tf.div(exponentials, gatherNodes(sumEdges(exponentials, target), target));
  };
  // Subtracting the maximum changes no weight, so that it needs no gradient.
  const largest = tf.tidy(() => maxEdges(scores_EH, target));
  if (!activeRecorder()) return normalise(scores_EH, largest);
  return withGradient([scores_EH], ([scores]) => {
    const weights = normalise(scores!, largest);
    return {
      value: weights,
      saved: [weights],
      gradient: (dy, [weights]) => {
        const weighted = tf.mul(dy, weights!);
        return [tf.sub(weighted, tf.mul(weights!, gatherNodes(sumEdges(weighted, target), target)))];
      },
    };
  });
}

/** out_t = Σ α h_s; the gradient gathers h again instead of keeping the [E, H, K] product. */
function weightedSum(h_NHK: Tensor, weights_EH: Tensor, { source, target }: GraphPlan): Tensor {
  const compose = (h: Tensor, weights: Tensor): Tensor => sumEdges(tf.mul(gatherNodes(h, source), tf.expandDims(weights, -1)), target);
  if (!activeRecorder()) return compose(h_NHK, weights_EH);
  return withGradient([h_NHK, weights_EH], ([h, weights]) => ({
    value: compose(h!, weights!),
    saved: [h!, weights!],
    gradient: (dy, [h, weights]) => {
      const dy_EHK = gatherNodes(dy, target);
      return [
        sumEdges(tf.mul(dy_EHK, tf.expandDims(weights!, -1)), source),
        tf.sum(tf.mul(dy_EHK, gatherNodes(h!, source)), -1),
      ];
    },
  }));
}

/**
 * Code embeddings by graph attention over the hierarchy (G-BERT, Shang et al. 2019; MedM-PLM eq. 1–3): pass 1, each inner node
 * attends to itself and its children; pass 2, each leaf attends to itself and all its ancestors. One layer serves both passes.
 */
import type { Rng } from '../core/rng.js';
import { graphAttention, linear, planEdges, tf, type GraphPlan, type Tensor } from '../engine/index.js';
import { glorotInit, normalInit, type ParameterInit } from '../nn/parameters.js';
import type { CodesConfig } from './config.js';

/** Nodes 0 … leaves − 1 are the codes of a vocabulary, in its order; inner nodes follow. */
export interface OntologyNodes {
  leaves: number;
  nodes: number;
  /** Direct parent of each node, −1 at a root. */
  parent: Int32Array;
}

export interface OntologyPlan {
  nodes: number;
  leaves: number;
  bottomUp: GraphPlan;
  topDown: GraphPlan;
}

/** The edges of both passes; every node also attends to itself. */
export function planOntology({ leaves, nodes, parent }: OntologyNodes): OntologyPlan {
  const self = Array.from({ length: nodes }, (_, i) => i);
  const up: [source: number, target: number][] = [];
  const down: [source: number, target: number][] = [];
  for (let node = 0; node < nodes; node++) if (parent[node]! >= 0) up.push([node, parent[node]!]);
  for (let leaf = 0; leaf < leaves; leaf++) for (let a = parent[leaf]!; a >= 0; a = parent[a]!) down.push([a, leaf]);
  const plan = (edges: [number, number][]): GraphPlan =>
    planEdges(Int32Array.from([...self, ...edges.map(([source]) => source)]), Int32Array.from([...self, ...edges.map(([, target]) => target)]), nodes);
  return { nodes, leaves, bottomUp: plan(up), topDown: plan(down) };
}

export type OntologyEmbedding<Leaf = Tensor> = {
  /** One row a node [N, width]. */
  nodes: Leaf;
  weight: Leaf;
  attention_source: Leaf;
  attention_target: Leaf;
};

export function initOntologyEmbedding(rng: Rng, { width, ontology_heads: heads }: CodesConfig, nodes: number): OntologyEmbedding<ParameterInit> {
  return {
    nodes: normalInit(rng.split('nodes'), [nodes, width], { std: 1 / Math.sqrt(width), decay: false }),
    weight: glorotInit(rng.split('weight'), [width, width]),
    attention_source: glorotInit(rng.split('source'), [heads, width / heads]),
    attention_target: glorotInit(rng.split('target'), [heads, width / heads]),
  };
}

/** @returns the embeddings of the leaves [leaves, width] */
export function embedOntology(p: OntologyEmbedding, plan: OntologyPlan): Tensor {
  const [heads, headWidth] = p.attention_source.shape as [number, number];
  const pass = (x_ND: Tensor, edges: GraphPlan): Tensor => {
    const h_NHK = tf.reshape(linear(x_ND, p.weight), [plan.nodes, heads, headWidth]);
    const attended_NHK = graphAttention(h_NHK, p.attention_source, p.attention_target, edges);
    return tf.reshape(attended_NHK, [plan.nodes, heads * headWidth]);
  };
  const updated_ND = pass(pass(p.nodes, plan.bottomUp), plan.topDown);
  return tf.slice(updated_ND, [0, 0], [plan.leaves, heads * headWidth]);
}

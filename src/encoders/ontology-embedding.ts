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

/** The edges of both passes; whoever attends also attends to itself. */
export function planOntology({ leaves, nodes, parent }: OntologyNodes): OntologyPlan {
  const up: Edge[] = [];
  const down: Edge[] = [];
  for (let inner = leaves; inner < nodes; inner++) up.push([inner, inner]);
  for (let node = 0; node < nodes; node++) if (parent[node]! >= 0) up.push([node, parent[node]!]);
  for (let leaf = 0; leaf < leaves; leaf++) for (let source = leaf; source >= 0; source = parent[source]!) down.push([source, leaf]);
  return { nodes, leaves, bottomUp: plan(up, nodes, [leaves, nodes]), topDown: plan(down, nodes, [0, leaves]) };
}

type Edge = [source: number, target: number];

const plan = (edges: Edge[], nodes: number, [from, to]: [number, number]): GraphPlan => {
  const ends = (end: 0 | 1): Int32Array => Int32Array.from(edges, (edge) => edge[end]);
  return planEdges(ends(0), ends(1), nodes, Int32Array.from({ length: to - from }, (_, i) => from + i));
};

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
export function embedOntology(p: OntologyEmbedding, { nodes, leaves, bottomUp, topDown }: OntologyPlan): Tensor {
  const [heads, headWidth] = p.attention_source.shape as [number, number];
  const width = heads * headWidth;
  const attend = (h_ND: Tensor, plan: GraphPlan): Tensor =>
    tf.reshape(graphAttention(tf.reshape(h_ND, [nodes, heads, headWidth]), p.attention_source, p.attention_target, plan), [-1, width]);
  const h_ND = linear(p.nodes, p.weight);
  // A leaf has no children in the first pass: the only weight, that of itself, is 1.
  const updated_ND = tf.concat([tf.slice(h_ND, [0, 0], [leaves, width]), attend(h_ND, bottomUp)], 0);
  return attend(linear(updated_ND, p.weight), topDown);
}

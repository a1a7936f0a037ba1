/**
 * Code embeddings by graph attention over the hierarchy (G-BERT, Shang et al. 2019; MedM-PLM eq. 1–3): pass 1, each inner node
 * attends to itself and its children; pass 2, each leaf attends to itself and all its ancestors. One layer serves both passes.
 */
import type { Rng } from '../core/rng.js';
import { graphAttention, linear, planEdges, staticTensor, tf, type GraphPlan, type Tensor } from '../engine/index.js';
import { glorotInit, normalInit, type ParameterInit } from '../nn/parameters.js';
import type { CodesConfig } from './config.js';

/** Nodes 0 … leaves − 1 are the codes of a vocabulary, in its order; inner nodes follow. */
export interface OntologyNodes {
  leaves: number;
  nodes: number;
  /** Direct parent of each node, −1 at a root. */
  parent: Int32Array;
  /** Leaves that attend to themselves twice, as if they were ancestors of their own. */
  repeated?: readonly number[];
  /**
   * Leaves that no training visit carries. They have no vector of their own and attend to their ancestors only, and none of the others'
   * embeddings depends on them (docs/decisions/0071).
   */
  unseen?: readonly number[];
}

export interface OntologyPlan {
  nodes: number;
  leaves: number;
  /** [nodes]: 1 for nodes that have a vector of their own, those of unseen leaves being 0; absent where all have. */
  hasVector?: Float32Array;
  bottomUp: GraphPlan;
  topDown: GraphPlan;
}

/** The edges of both passes; whoever attends also attends to itself. */
export function planOntology(hierarchy: OntologyNodes): OntologyPlan {
  const { leaves, nodes, parent, repeated = [], unseen = [] } = hierarchy;
  const isKnown = knownNodes(hierarchy);
  const up: Edge[] = [];
  const down: Edge[] = [];
  for (let inner = leaves; inner < nodes; inner++) up.push([inner, inner]);
  for (let node = 0; node < nodes; node++) if (parent[node]! >= 0 && (isKnown[node] || !isKnown[parent[node]!])) up.push([node, parent[node]!]);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const path = pathFrom(leaf, parent);
    const known = path.filter((node) => isKnown[node]);
    for (const source of known.length ? known : path) down.push([source, leaf]);
  }
  for (const leaf of repeated) if (isKnown[leaf]) down.push([leaf, leaf]);
  return { nodes, leaves, ...(unseen.length ? { hasVector: Float32Array.from(isKnown) } : {}), bottomUp: planPass(up, nodes, [leaves, nodes]), topDown: planPass(down, nodes, [0, leaves]) };
}

type Edge = [source: number, target: number];

/** The node and its ancestors. */
function pathFrom(node: number, parent: Int32Array): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = parent[at]!) path.push(at);
  return path;
}

/** 0 for unseen leaves and for inner nodes that are above no other leaves, 1 for the rest. */
function knownNodes({ leaves, nodes, parent, unseen = [] }: OntologyNodes): Uint8Array {
  const isKnown = new Uint8Array(nodes).fill(1);
  if (!unseen.length) return isKnown;
  const isUnseen = new Set(unseen);
  for (const leaf of unseen) for (const node of pathFrom(leaf, parent)) isKnown[node] = 0;
  for (let leaf = 0; leaf < leaves; leaf++) if (!isUnseen.has(leaf)) for (const node of pathFrom(leaf, parent)) isKnown[node] = 1;
  return isKnown;
}

const planPass = (edges: Edge[], nodes: number, [from, to]: [number, number]): GraphPlan => {
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

/**
 * Both passes map all nodes by W, then attend. Pass 1 sums up before it maps, which is the same and maps the few inner nodes only: the
 * leaves, to which it does nothing but map them, take the maps of both passes as one, W².
 * @returns the embeddings of the leaves [leaves, width]
 */
export function embedOntology(parameters: OntologyEmbedding, plan: OntologyPlan): Tensor {
  const { nodes, leaves, bottomUp, topDown } = plan;
  const p = { ...parameters, nodes: ownVectors(parameters.nodes, plan) };
  const [heads, headWidth] = p.attention_source.shape as [number, number];
  const width = heads * headWidth;
  const attention_2HK = tf.stack([p.attention_source, p.attention_target]);
  const inner_ND = linear(sumChildren(p, attention_2HK, bottomUp), p.weight);
  const leaves_ND = linear(tf.slice(p.nodes, [0, 0], [leaves, width]), tf.matMul(p.weight, p.weight));
  const h_ND = tf.concat([leaves_ND, inner_ND], 0);
  const scores = tf.reshape(tf.matMul(h_ND, blockDiagonal(attention_2HK)), [nodes, 2, heads]);
  return tf.reshape(graphAttention({ values: tf.reshape(h_ND, [nodes, heads, headWidth]), scores }, topDown), [leaves, width]);
}

/** The vectors of all nodes, or of the leaves: 0 where a node has none. */
export function ownVectors(x_ND: Tensor, { hasVector }: OntologyPlan): Tensor {
  const rows = x_ND.shape[0]!;
  return hasVector ? tf.mul(x_ND, staticTensor(hasVector.subarray(0, rows), [rows, 1])) : x_ND;
}

/** Pass 1: of each inner node Σ α W x over itself and its children, as W Σ α x [inner, width]. */
function sumChildren({ nodes: x_ND, weight }: OntologyEmbedding, attention_2HK: Tensor, plan: GraphPlan): Tensor {
  const [nodes, width] = x_ND.shape as [number, number];
  const [, heads, headWidth] = attention_2HK.shape as [number, number, number];
  const weight_HKD = tf.reshape(weight, [heads, headWidth, width]);
  // a · W x = (Wᵀ a) · x
  const attention_H2D = tf.matMul(tf.transpose(attention_2HK, [1, 0, 2]), weight_HKD);
  const scores = tf.reshape(linear(x_ND, tf.reshape(tf.transpose(attention_H2D, [1, 0, 2]), [2 * heads, width])), [nodes, 2, heads]);
  const sums_IHD = graphAttention({ values: tf.expandDims(x_ND, 1), scores }, plan);
  const mapped_HIK = tf.matMul(tf.transpose(sums_IHD, [1, 0, 2]), weight_HKD, false, true);
  return tf.reshape(tf.transpose(mapped_HIK, [1, 0, 2]), [-1, width]);
}

/** [2, H, K] → [H·K, 2·H]: the product with it gives, for each of the two, every head's inner product. */
function blockDiagonal(attention_2HK: Tensor): Tensor {
  const [, heads, headWidth] = attention_2HK.shape as [number, number, number];
  const columns_D2 = tf.transpose(tf.reshape(attention_2HK, [2, heads * headWidth]));
  const isOwn = Float32Array.from({ length: heads * headWidth * heads }, (_, i) => Number(Math.floor(i / heads / headWidth) === i % heads));
  const blocks = tf.mul(tf.expandDims(columns_D2, 2), staticTensor(isOwn, [heads * headWidth, 1, heads]));
  return tf.reshape(blocks, [heads * headWidth, 2 * heads]);
}

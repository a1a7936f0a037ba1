/** Hierarchies as graphology graphs (child → parent), and as the node and parent arrays that graph attention is built from. */
import { DirectedGraph } from 'graphology';
import { dataError } from '../src/core/errors.js';
import { rootNode, type CodeSystem } from './system.js';

export interface OntologyNode {
  [attribute: string]: unknown;
  /** The code, or the name of the block, chapter or root. */
  code: string;
  /** Steps from the root (which is 0). */
  level: number;
  /** Whether the node is one of the given codes (and not only an ancestor of one). */
  isLeaf: boolean;
}

export type OntologyGraph = DirectedGraph<OntologyNode>;

/**
 * The tree over the given codes and all their ancestors.
 *
 * Nodes: first the codes in the given order (so that the index of a leaf is its index in a vocabulary), then the inner nodes in the
 * order in which the codes first need them. A code that is also an ancestor of another given code (a category such as `250` beside
 * `250.00`) is both: its leaf keeps the key `250`, and an inner node `250.*` with the same code is the parent of both.
 * @param codes canonical and distinct
 * @throws data error for a repeated code or one that is not canonical
 */
export function ontologyGraph(system: CodeSystem, codes: readonly string[]): OntologyGraph {
  const leaves = new Set(codes);
  if (leaves.size !== codes.length) throw dataError(`${system.id}: the codes of an ontology graph must be distinct, got a repeated one`);
  const paths = codes.map((code) => system.path(code));
  const inner = new Set(paths.flatMap((path) => path.slice(1)));
  const innerKey = (code: string): string => (leaves.has(code) ? `${code}.*` : code);
  const graph: OntologyGraph = new DirectedGraph<OntologyNode>();

  paths.forEach((path) => {
    const code = path[0]!;
    graph.addNode(code, { code, level: path.length - (inner.has(code) ? 0 : 1), isLeaf: true });
  });
  for (const path of paths) {
    const ancestors = inner.has(path[0]!) ? path : path.slice(1);
    let child = path[0]!;
    ancestors.forEach((code, i) => {
      const key = innerKey(code);
      graph.mergeNode(key, { code, level: ancestors.length - 1 - i, isLeaf: false });
      graph.mergeEdge(child, key);
      child = key;
    });
  }
  if (!graph.hasNode(rootNode)) graph.addNode(rootNode, { code: rootNode, level: 0, isLeaf: false });
  return graph;
}

export interface GraphEdges {
  /** Node keys; the first `leafCount` are the given codes in their order. */
  nodes: string[];
  leafCount: number;
  /** Index of each node's parent; -1 for the root. */
  parent: Int32Array;
}

/** Flattens an ontology graph. Node order is the graph's. */
export function graphEdges(graph: OntologyGraph): GraphEdges {
  const nodes = graph.nodes();
  const index = new Map(nodes.map((key, i) => [key, i]));
  const parent = Int32Array.from(nodes, (key) => {
    const [up] = graph.outNeighbors(key);
    return up === undefined ? -1 : index.get(up)!;
  });
  return { nodes, leafCount: graph.filterNodes((_, { isLeaf }) => isLeaf).length, parent };
}

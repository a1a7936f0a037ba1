/** What graph attention over a fixed graph reads where: its edges set out by target and by source. */
import { shapeError } from '../../core/errors.js';
import { ABSENT, tabulate, type SegmentTable } from './segments.js';

export interface GraphPlan {
  readonly nodes: number;
  /** The nodes that attend, in the order of the result. */
  readonly targets: Int32Array;
  /** Of each edge, its source and the position of its target among the targets. */
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** Edges by position of their target, and by source. */
  readonly incoming: readonly SegmentTable[];
  readonly outgoing: readonly SegmentTable[];
}

/**
 * Plans attention along the edges source[e] → target[e] of a graph of `nodes` nodes; made once, used by every program.
 * Add an edge from each node to itself where a node should attend to itself.
 * @param targets the nodes whose results are wanted, all by default; every edge must lead to one of them
 * @throws shape error on ids outside the graph and on edges to other nodes
 */
export function planEdges(source: Int32Array, target: Int32Array, nodes: number, targets = Int32Array.from({ length: nodes }, (_, i) => i)): GraphPlan {
  if (source.length !== target.length || !source.length) throw shapeError(`planEdges: ${source.length} sources and ${target.length} targets; expected as many of both, at least one`);
  for (const [name, ids] of [['source', source], ['target', target], ['targets', targets]] as const) {
    const bad = ids.findIndex((id) => id < 0 || id >= nodes);
    if (bad >= 0) throw shapeError(`planEdges: ${name}[${bad}] is ${ids[bad]}, expected a node in [0, ${nodes})`);
  }
  const positions = new Int32Array(nodes).fill(ABSENT);
  targets.forEach((node, position) => (positions[node] = position));
  const stray = target.findIndex((node) => positions[node] === ABSENT);
  if (stray >= 0) throw shapeError(`planEdges: target[${stray}] is ${target[stray]}, which is not among the ${targets.length} nodes that attend`);
  const targetPosition = target.map((node) => positions[node]!);
  return { nodes, targets, source, target: targetPosition, incoming: tabulate(targetPosition), outgoing: tabulate(source) };
}

/** Where the tables of a plan find what they need. Every head has rows of its own: row i·H + h is head h of node (or target) i. */
export interface GraphRows {
  incoming: IncomingRows[];
  outgoing: OutgoingRows[];
}

/** R rows of L edges: the edges into one target of one head each. */
export interface IncomingRows {
  /** [R] of targets. */
  segments: Int32Array;
  width: number;
  /** [R / M, L] of values, which M heads share. */
  sources: Int32Array;
  /** [R, L] and [R], among the scores [N, 2, H]. */
  sourceScores: Int32Array;
  targetScores: Int32Array;
  /** [R, L]: 0, and −10⁹ where there is no edge; absent where there are all. */
  bias?: Float32Array;
}

/** R rows of L edges: the edges out of one source of one head each. */
export interface OutgoingRows {
  /** [R] of nodes. */
  segments: Int32Array;
  width: number;
  /** [R, L] of targets. */
  targets: Int32Array;
  /** [R, L]: positions of the edges in the incoming tables, one after the other; the end of the last where there is no edge. */
  edges: Int32Array;
  /** [R], among the scores [N, 2, H]. */
  sourceScores: Int32Array;
}

/** @param heads H, by which the graph is repeated @param shared M, how many heads read one row of values: 1 or H */
export function rowsByHead({ source, target, targets, incoming, outgoing }: GraphPlan, { heads, shared }: { heads: number; shared: number }): GraphRows {
  const position = edgePositions(incoming, heads, source.length);
  const sourceScore = (node: number, head: number): number => 2 * node * heads + head;
  const targetScore = (node: number, head: number): number => sourceScore(node, head) + heads;
  return {
    incoming: incoming.map((table) => ({
      segments: repeatSegments(table, heads, (segment, head) => segment * heads + head),
      width: table.width,
      sources: repeatEdges(table, heads / shared, (edge, head) => (source[edge]! * heads) / shared + head),
      sourceScores: repeatEdges(table, heads, (edge, head) => sourceScore(source[edge]!, head)),
      targetScores: repeatSegments(table, heads, (segment, head) => targetScore(targets[segment]!, head)),
      ...(table.rows.includes(ABSENT) ? { bias: Float32Array.from(repeatEdges(table, heads, () => 0, -1e9)) } : {}),
    })),
    outgoing: outgoing.map((table) => ({
      segments: repeatSegments(table, heads, (segment, head) => segment * heads + head),
      width: table.width,
      targets: repeatEdges(table, heads, (edge, head) => target[edge]! * heads + head),
      edges: repeatEdges(table, heads, position.of, position.end),
      sourceScores: repeatSegments(table, heads, sourceScore),
    })),
  };
}

type OfHead = (edgeOrSegment: number, head: number) => number;

const repeatSegments = ({ segments }: SegmentTable, heads: number, value: OfHead): Int32Array =>
  Int32Array.from({ length: segments.length * heads }, (_, i) => value(segments[Math.floor(i / heads)]!, i % heads));

/** Each row once a head. By default the first edge of a row stands in for absent ones: it is there, and near. */
function repeatEdges({ rows, width }: SegmentTable, heads: number, value: OfHead, absent?: number): Int32Array {
  const repeated = new Int32Array(rows.length * heads);
  rows.forEach((edge, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    for (let head = 0; head < heads; head++) {
      repeated[(row * heads + head) * width + column] = edge === ABSENT ? (absent ?? value(rows[row * width]!, head)) : value(edge, head);
    }
  });
  return repeated;
}

/** Of an edge and head, its position in the tables repeated by head, one after the other; and the end of the last. */
function edgePositions(tables: readonly SegmentTable[], heads: number, edges: number): { of: OfHead; end: number } {
  const first = new Int32Array(edges);
  const step = new Int32Array(edges);
  let end = 0;
  for (const { rows, width } of tables) {
    rows.forEach((edge, i) => {
      if (edge === ABSENT) return;
      first[edge] = end + Math.floor(i / width) * width * heads + (i % width);
      step[edge] = width;
    });
    end += rows.length * heads;
  }
  return { of: (edge, head) => first[edge]! + head * step[edge]!, end };
}

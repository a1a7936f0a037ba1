/** Several traces of one function at different extents → one graph for all extents. */
import { deviceError } from '../../core/errors.js';
import { createGraph } from '../onnx.js';
import type { Constant, GraphParts, GraphValue, Node } from '../onnx-parts.js';
import { constantExpression, describeExpression, solve, type Expression } from './expression.js';
import type { Extents } from './extents.js';
import { shapeNodes } from './shape-nodes.js';

/** A value whose axes may be named instead of numbered. */
export type DynamicValue = GraphValue<number | string>;

export interface TraceAt {
  extents: Extents;
  parts: GraphParts;
}

/** One thing as it is in each of the traces. */
type Alike<Item> = readonly [Item, ...Item[]];

/**
 * The graphs must have the same nodes in the same order and differ in nothing but integers — the targets of reshapes, the bounds of slices — that
 * follow from the extents ({@link solve}); those become nodes that compute them from the shapes of the inputs.
 * @param specs of all inputs @param name of the function, for errors
 * @throws device error naming the operator where the graphs differ in anything else
 */
export function generalise(traces: Alike<TraceAt>, specs: readonly DynamicValue[], name: string): GraphParts<number | string> {
  const graphs = traces.map(({ parts }) => indexOf(parts)) as [IndexedParts, ...IndexedParts[]];
  const [{ parts: first }] = graphs;
  const extents = traces.map((trace) => trace.extents);
  const refuse: Refuse = (what) => {
    throw deviceError(`${name}: the axes ${Object.keys(extents[0]!).join(', ')} cannot all be left open: ${what} at other extents; fix some of them (--shape of medweave export)`);
  };
  if (graphs.some(({ parts: { nodes } }) => nodes.length !== first.nodes.length)) refuse('it has another number of operations');

  const graph = createGraph();
  const inputs = first.inputs.map((input) => specs.find((spec) => spec.name === input.name)!);
  const shapes = shapeNodes(graph, inputs);
  const names = new Map(inputs.map((input) => [input.name, input.name]));
  const operandOf = (values: Alike<string>, node: Node): string => {
    const constants = values.map((value, t) => graphs[t]!.constants.get(value));
    if (constants.every((constant) => constant !== undefined)) {
      const solved = solveConstants(constants as [Constant, ...Constant[]], { node, extents, refuse });
      return 'bytes' in solved ? graph.constant(solved.dtype, solved.shape, solved.bytes) : shapes(solved.expressions);
    }
    const origins = values.map((value, t) => graphs[t]!.originOf(value));
    if (origins.some((origin) => origin !== origins[0])) refuse(`an operation ${node.op} reads something else`);
    return names.get(values[0]) ?? '';
  };
  first.nodes.forEach((node, i) => {
    const alike = graphs.map(({ parts }) => parts.nodes[i]!) as [Node, ...Node[]];
    if (node.branches || alike.some((other) => signatureOf(other) !== signatureOf(node))) refuse(`an operation ${node.op} is another one`);
    const operands = node.inputs.map((_, slot) => operandOf(alike.map((other) => other.inputs[slot]!) as [string, ...string[]], node));
    const outputs = graph.node(node.domain ? `${node.domain}.${node.op}` : node.op, operands, node.attributes, node.outputs.length);
    node.outputs.forEach((output, slot) => names.set(output, outputs[slot]!));
  });

  const dimensionsOf = (o: number): (number | string)[] =>
    first.outputs[o]!.shape.map((_, axis) => describeExpression(solve(graphs.map(({ parts }) => parts.outputs[o]!.shape[axis]!), extents) ?? refuse('an output is of another shape')));
  const parts = graph.parts(first.inputs, first.outputs.map((output) => ({ ...output, source: names.get(output.name)! })));
  return { ...parts, inputs, outputs: first.outputs.map((output, o) => ({ ...output, shape: dimensionsOf(o) })) };
}

type Refuse = (what: string) => never;

interface SolveOptions {
  /** Who reads them. */
  node: Node;
  extents: readonly Extents[];
  refuse: Refuse;
}

/** The constant that they all are, or what the integers follow from. */
function solveConstants(constants: Alike<Constant>, { node, extents, refuse }: SolveOptions): Constant | { expressions: Expression[] } {
  const [first] = constants;
  const likeFirst = constants.every(({ dtype, shape }) => dtype === first.dtype && shape.join() === first.shape.join());
  if (likeFirst && constants.every(({ bytes }) => Buffer.compare(bytes, first.bytes) === 0)) return first;
  if (!likeFirst || first.dtype !== 'int64') return refuse(`an operation ${node.op} reads another constant`);
  const lists = constants.map(integersOf);
  const expressions = lists[0]!.map((_, i) => solve(lists.map((list) => list[i]!), extents) ?? refuse(`an operation ${node.op} reads a number that follows from no product of extents`));
  return { expressions: node.op === 'Reshape' ? withInferred(expressions) : expressions };
}

/** Leaves one dimension to Reshape itself: that of the most axes, which saves most products. */
function withInferred(dimensions: readonly Expression[]): Expression[] {
  const most = Math.max(...dimensions.map(({ axes }) => axes.length));
  return dimensions.with(dimensions.findIndex(({ axes }) => axes.length === most), constantExpression(-1));
}

const integersOf = ({ bytes }: Constant): number[] => Array.from(new BigInt64Array(Uint8Array.from(bytes).buffer), Number);

const signatureOf = ({ op, domain, attributes, inputs, outputs }: Node): string => JSON.stringify([op, domain, attributes, inputs.length, outputs.length]);

interface IndexedParts {
  parts: GraphParts;
  constants: Map<string, Constant>;
  /** Which node makes a value, in words that are the same in all traces. What none makes is an input. */
  originOf(value: string): string;
}

function indexOf(parts: GraphParts): IndexedParts {
  const origins = new Map(parts.nodes.flatMap(({ outputs }, i) => outputs.map((output, slot): [string, string] => [output, `node ${i}.${slot}`])));
  return { parts, constants: new Map(parts.constants.map((constant) => [constant.name, constant])), originOf: (value) => origins.get(value) ?? `input ${value}` };
}

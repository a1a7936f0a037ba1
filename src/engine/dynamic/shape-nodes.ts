/** Nodes that compute lists of integers from the shapes of a graph's inputs. */
import type { Graph } from '../onnx.js';
import type { Expression } from './expression.js';

/** An input whose axes may be named instead of numbered. */
interface NamedAxes {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** @param inputs of the graph; every axis of an expression must be one of theirs @returns a function that adds the nodes for a list, and gives its name */
export function shapeNodes(graph: Graph, inputs: readonly NamedAxes[]): (expressions: readonly Expression[]) => string {
  const list = (values: readonly number[]): string => graph.constant('int64', [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
  const node = (op: string, operands: readonly string[], attributes = {}): string => graph.node(op, operands, attributes)[0]!;
  const extentOf = (axis: string): string => {
    const input = inputs.find(({ shape }) => shape.includes(axis))!;
    const at = input.shape.indexOf(axis);
    return node('Shape', [input.name], { start: at, end: at + 1 });
  };
  const compute = ({ offset, factor, axes }: Expression): string => {
    if (!axes.length) return list([offset]);
    const product = axes.map(extentOf).reduce((left, right) => node('Mul', [left, right]));
    const scaled = factor === 1 ? product : node('Mul', [product, list([factor])]);
    return offset === 0 ? scaled : node('Add', [scaled, list([offset])]);
  };
  return (expressions) => {
    if (expressions.every(({ axes }) => !axes.length)) return list(expressions.map(({ offset }) => offset));
    const values = expressions.map(compute);
    return values.length === 1 ? values[0]! : node('Concat', values, { axis: 0 });
  };
}

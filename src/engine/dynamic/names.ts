/** Names for people: values are called after the operator that makes them. */
import type { GraphParts, Node } from '../onnx-parts.js';

type DynamicParts = GraphParts<number | string>;

/** Inputs, outputs and constants with a name of their own keep it. Outputs that nobody reads are left out where they are a node's last. */
export function nameValues(parts: DynamicParts, isNamed: (constant: string) => boolean): DynamicParts {
  const fixed = new Set([...parts.inputs, ...parts.outputs].map(({ name }) => name));
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const call = (value: string, what: string): void => {
    if (value === '' || fixed.has(value)) return;
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    names.set(value, `${what}_${count}`);
  };
  for (const { name } of parts.constants) if (!isNamed(name)) call(name, 'constant');
  for (const { op, outputs } of parts.nodes) for (const output of outputs) call(output, op);
  const nameOf = (value: string): string => names.get(value) ?? value;
  const read = new Set([...fixed, ...parts.nodes.flatMap(({ inputs }) => inputs)]);
  return {
    ...parts,
    nodes: parts.nodes.map((node) => ({ ...node, inputs: node.inputs.map(nameOf), outputs: readOutputs(node, read).map(nameOf) })),
    constants: parts.constants.map((constant) => ({ ...constant, name: nameOf(constant.name) })),
  };
}

/** Split must name all its parts; what other operators offer beside their result may be left out. */
function readOutputs({ op, outputs }: Node, read: ReadonlySet<string>): string[] {
  const last = op === 'Split' ? outputs.length - 1 : outputs.findLastIndex((output) => read.has(output));
  return outputs.slice(0, Math.max(0, last) + 1);
}

/** Builds an ONNX graph node by node: equal nodes are merged, unused ones dropped. */
import { createHash } from 'node:crypto';
import { encodeModel } from './onnx-encode.js';
import { mapBranches, withBranches, type Attributes, type Branch, type Constant, type GraphParts, type GraphValue, type Node, type OnnxType } from './onnx-parts.js';
import type { Shape } from './shapes.js';

export { onnxTypes, type Attribute, type Attributes, type GraphParts, type GraphValue, type OnnxType } from './onnx-parts.js';

/** An output, and the internal value that it is. */
export type GraphOutput = GraphValue & { source: string };

export interface EncodedGraph {
  model: Uint8Array;
  /** Names of the declared inputs that the outputs depend on. */
  usedInputs: Set<string>;
  nodes: number;
  constantBytes: number;
  /** ONNX operator → count. */
  operators: Record<string, number>;
}

/** The constants and nodes of a graph under construction. Values are known by name. */
export interface Graph {
  /** Adds a constant. @returns its name; equal constants share one */
  constant(dtype: OnnxType, shape: Shape, bytes: Uint8Array): string;
  /** Adds a node; `op` may carry a domain, e.g. `com.microsoft.FusedMatMul`. @returns the names of its outputs */
  node(op: string, inputs: readonly string[], attributes?: Attributes, outputs?: number): string[];
  /**
   * Adds an If node: only the branch that `condition` (a scalar bool) selects runs. Branches read outer values by name; nothing of theirs is
   * visible outside but the result.
   */
  choose(condition: string, result: { shape: Shape; dtype: OnnxType }, branches: { then: () => string; else: () => string }): string;
  /** What `outputs` (name → internal value) depend on. */
  parts(inputs: readonly GraphValue[], outputs: readonly GraphOutput[]): GraphParts;
  /** The same, encoded. */
  encode(inputs: readonly GraphValue[], outputs: readonly GraphOutput[]): EncodedGraph;
}

/** Where nodes are being added: the graph itself, or a branch within it. */
interface Scope {
  nodes: Node[];
  /** Node, spelled out → its outputs. */
  known: Map<string, string[]>;
}

export function createGraph(): Graph {
  const constants = new Map<string, Constant>();
  const root: Scope = { nodes: [], known: new Map() };
  let scopes = [root];
  let count = 0;
  const fresh = (): string => `%${count++}`;
  const branch = (build: () => string, result: { shape: Shape; dtype: OnnxType }): Branch => {
    const outer = scopes;
    const scope: Scope = { nodes: [], known: new Map() };
    scopes = [...outer, scope];
    try {
      const source = build();
      // A branch must compute its result itself, even where that is an outer value.
      const output = { ...result, name: fresh() };
      scope.nodes.push({ op: 'Identity', domain: '', inputs: [source], outputs: [output.name], attributes: {} });
      return { nodes: scope.nodes, output };
    } finally {
      scopes = outer;
    }
  };
  return {
    constant(dtype, shape, bytes) {
      const key = `${dtype}[${shape}]${createHash('sha1').update(bytes).digest('base64')}`;
      const found = constants.get(key);
      if (found) return found.name;
      const name = fresh();
      constants.set(key, { name, dtype, shape, bytes });
      return name;
    },
    node(op, inputs, attributes = {}, outputs = 1) {
      const key = `${op}(${inputs})${JSON.stringify(attributes)}${outputs}`;
      const found = scopes.map(({ known }) => known.get(key)).find((names) => names);
      if (found) return found;
      const dot = op.lastIndexOf('.');
      const names = Array.from({ length: outputs }, fresh);
      const { nodes, known } = scopes.at(-1)!;
      nodes.push({ op: op.slice(dot + 1), domain: op.slice(0, Math.max(dot, 0)), inputs, outputs: names, attributes });
      known.set(key, names);
      return names;
    },
    choose(condition, result, { then, else: otherwise }) {
      const name = fresh();
      const branches = { then_branch: branch(then, result), else_branch: branch(otherwise, result) };
      scopes.at(-1)!.nodes.push({ op: 'If', domain: '', inputs: [condition], outputs: [name], attributes: {}, branches });
      return name;
    },
    parts: (inputs, outputs) => partsOf(root.nodes, [...constants.values()], inputs, outputs),
    encode(inputs, outputs) {
      const parts = partsOf(root.nodes, [...constants.values()], inputs, outputs);
      // ONNX Runtime derives its order of execution from the order of the list, last first: reversed, it visits inputs and
      // leaves as they were created, so that each weight's gradient is computed (and its inputs freed) as soon as it can be.
      const nodes = parts.nodes.toReversed();
      return {
        model: encodeModel({ ...parts, nodes }),
        usedInputs: new Set(parts.inputs.map((input) => input.name)),
        nodes: nodes.length,
        constantBytes: parts.constants.reduce((sum, constant) => sum + constant.bytes.byteLength, 0),
        operators: countOperators(nodes),
      };
    },
  };
}

function partsOf(nodes: readonly Node[], constants: readonly Constant[], inputs: readonly GraphValue[], outputs: readonly GraphOutput[]): GraphParts {
  const fixed = new Set([...inputs, ...constants].map(({ name }) => name));
  const { kept, needed } = dropDeadNodes(nameOutputs(nodes, outputs, fixed), outputs);
  const used = <Value extends { name: string }>(values: readonly Value[]): Value[] => values.filter(({ name }) => needed.has(name));
  return { nodes: kept, constants: used(constants), inputs: used(inputs), outputs };
}

/** Gives the producers of outputs the outputs' names; a copy only where one value is several outputs, an input or a constant. */
function nameOutputs(nodes: readonly Node[], outputs: readonly { name: string; source: string }[], fixed: Set<string>): Node[] {
  const renamed = new Map<string, string>();
  const copies: Node[] = [];
  for (const { name, source } of outputs) {
    if (fixed.has(source) || renamed.has(source)) {
      copies.push({ op: 'Identity', domain: '', inputs: [source], outputs: [name], attributes: {} });
    } else renamed.set(source, name);
  }
  const rename = (name: string): string => renamed.get(name) ?? name;
  return [...nodes.map((node) => renameNode(node, rename)), ...copies.map((copy) => ({ ...copy, inputs: copy.inputs.map(rename) }))];
}

const renameNode = (node: Node, rename: (name: string) => string): Node => ({
  ...node,
  inputs: node.inputs.map(rename),
  outputs: node.outputs.map(rename),
  branches: mapBranches(node, (branch) => ({ ...branch, nodes: branch.nodes.map((inner) => renameNode(inner, rename)) })),
});

function dropDeadNodes(nodes: readonly Node[], outputs: readonly { name: string }[]): { kept: Node[]; needed: Set<string> } {
  const needed = new Set(outputs.map((output) => output.name));
  const kept: Node[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of withBranches(node).flatMap(({ inputs }) => inputs)) needed.add(name);
  }
  return { kept: kept.reverse(), needed };
}

function countOperators(nodes: readonly Node[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op } of nodes.flatMap(withBranches)) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

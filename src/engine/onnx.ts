/** Builds an ONNX graph node by node — equal nodes are merged, unused ones dropped — and encodes it as protobuf. */
import { createHash } from 'node:crypto';
import onnxProto from 'onnx-proto';
import type { Shape } from './shapes.js';

const { onnx } = onnxProto;

/** ONNX's numbers for element types. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, uint32: 12 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** Whole numbers and lists of them are ONNX integers; `{ float }` marks a real number. */
export type Attribute = number | string | readonly number[] | { float: number };
export type Attributes = Record<string, Attribute | undefined>;

export interface GraphValue {
  name: string;
  shape: Shape;
  dtype: OnnxType;
}

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
  /** Keeps what `outputs` (name → internal value) depend on, and encodes it. */
  encode(inputs: readonly GraphValue[], outputs: readonly (GraphValue & { source: string })[]): EncodedGraph;
}

interface Node {
  op: string;
  domain: string;
  inputs: readonly string[];
  outputs: string[];
  attributes: Attributes;
  /** Of an If node: attribute → graph. */
  branches?: Record<string, Branch>;
}

interface Branch {
  nodes: Node[];
  output: GraphValue;
}

/** Where nodes are being added: the graph itself, or a branch within it. */
interface Scope {
  nodes: Node[];
  /** Node, spelled out → its outputs. */
  known: Map<string, string[]>;
}

interface Constant {
  name: string;
  dtype: OnnxType;
  shape: Shape;
  bytes: Uint8Array;
}

const OPSET = 20;
const IR_VERSION = 9;

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
    encode(inputs, outputs) {
      const named = nameOutputs(root.nodes, outputs, new Set([...inputs.map((input) => input.name), ...[...constants.values()].map((c) => c.name)]));
      const { kept, needed } = dropDeadNodes(named, outputs);
      // ONNX Runtime derives its order of execution from the order of the list, last first: reversed, it visits inputs and
      // leaves as they were created, so that each weight's gradient is computed (and its inputs freed) as soon as it can be.
      kept.reverse();
      const used = [...constants.values()].filter((constant) => needed.has(constant.name));
      const usedInputs = inputs.filter((input) => needed.has(input.name));
      return {
        model: encodeModel(kept, used, usedInputs, outputs),
        usedInputs: new Set(usedInputs.map((input) => input.name)),
        nodes: kept.length,
        constantBytes: used.reduce((sum, constant) => sum + constant.bytes.byteLength, 0),
        operators: countOperators(kept),
      };
    },
  };
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

const mapBranches = <Result>({ branches }: Node, fn: (branch: Branch) => Result): Record<string, Result> | undefined =>
  branches && Object.fromEntries(Object.entries(branches).map(([attribute, branch]) => [attribute, fn(branch)]));

/** A node and those of its branches. */
const withBranches = (node: Node): Node[] => [node, ...Object.values(node.branches ?? {}).flatMap(({ nodes }) => nodes.flatMap(withBranches))];

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

function encodeModel(nodes: readonly Node[], constants: readonly Constant[], inputs: readonly GraphValue[], outputs: readonly GraphValue[]): Uint8Array {
  const domains = new Set(nodes.flatMap(withBranches).map((node) => node.domain).filter((domain) => domain !== ''));
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }, ...[...domains].map((domain) => ({ domain, version: 1 }))],
    graph: {
      name: 'program',
      node: nodes.map(encodeNode),
      initializer: constants.map(({ name, dtype, shape, bytes }) => ({ name, dims: [...shape], dataType: onnxTypes[dtype], rawData: bytes })),
      input: inputs.map(encodeValueInfo),
      output: outputs.map(encodeValueInfo),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function encodeNode(node: Node): onnxProto.onnx.INodeProto {
  const { op, domain, inputs, outputs, attributes } = node;
  const type = onnx.AttributeProto.AttributeType.GRAPH;
  const branches = Object.entries(mapBranches(node, encodeBranch) ?? {}).map(([name, g]) => ({ name, type, g }));
  return { opType: op, domain, input: [...inputs], output: outputs, attribute: [...encodeAttributes(attributes), ...branches] };
}

const encodeBranch = ({ nodes, output }: Branch): onnxProto.onnx.IGraphProto => ({ name: 'branch', node: nodes.map(encodeNode), output: [encodeValueInfo(output)] });

const encodeValueInfo = ({ name, shape, dtype }: GraphValue) => ({
  name,
  type: { tensorType: { elemType: onnxTypes[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

function encodeAttributes(attributes: Attributes) {
  const given = Object.entries(attributes).filter((entry): entry is [string, Attribute] => entry[1] !== undefined);
  return given.map(([name, value]) => ({ name, ...encodeAttribute(value) }));
}

function encodeAttribute(value: Attribute) {
  const types = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { type: types.INT, i: value };
  if (typeof value === 'string') return { type: types.STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { type: types.FLOAT, f: value.float };
  return { type: types.INTS, ints: [...value] };
}

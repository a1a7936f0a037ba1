/** What ONNX graphs are made of. */
import type { Shape } from './shapes.js';

/** ONNX's numbers for element types. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, uint32: 12 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** Whole numbers and lists of them are ONNX integers; `{ float }` marks a real number. */
export type Attribute = number | string | readonly number[] | { float: number };
export type Attributes = Record<string, Attribute | undefined>;

/** `Dimension`: a number, or also the name of an axis whose extent is not fixed. */
export interface GraphValue<Dimension = number> {
  name: string;
  shape: readonly Dimension[];
  dtype: OnnxType;
}

/** One node; its values are known by name. */
export interface Node {
  op: string;
  domain: string;
  inputs: readonly string[];
  outputs: string[];
  attributes: Attributes;
  /** Of an If node: attribute → graph. */
  branches?: Record<string, Branch>;
}

export interface Branch {
  nodes: Node[];
  output: GraphValue;
}

export interface Constant {
  name: string;
  dtype: OnnxType;
  shape: Shape;
  bytes: Uint8Array;
}

/** What of a graph its outputs depend on. */
export interface GraphParts<Dimension = number> {
  /** Each after those whose outputs it reads. */
  nodes: Node[];
  constants: Constant[];
  inputs: GraphValue<Dimension>[];
  outputs: readonly GraphValue<Dimension>[];
}

/** What a function makes of each of a node's branches. */
export const mapBranches = <Result>({ branches }: Node, fn: (branch: Branch) => Result): Record<string, Result> | undefined =>
  branches && Object.fromEntries(Object.entries(branches).map(([attribute, branch]) => [attribute, fn(branch)]));

/** A node and those of its branches. */
export const withBranches = (node: Node): Node[] => [node, ...Object.values(node.branches ?? {}).flatMap(({ nodes }) => nodes.flatMap(withBranches))];

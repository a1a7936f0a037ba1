/** Encodes an ONNX graph as protobuf. */
import onnxProto from 'onnx-proto';
import { mapBranches, onnxTypes, withBranches, type Attribute, type Attributes, type Branch, type GraphParts, type GraphValue, type Node } from './onnx-parts.js';

const { onnx } = onnxProto;

/** The set of standard operators, and the file format, that the graphs are written in. */
export const OPSET = 20;
export const IR_VERSION = 9;

/** What is said of an output: a name is enough for ONNX Runtime, which finds out the rest. */
type Declared = GraphValue<number | string> | { name: string };

interface EncodableParts extends Omit<GraphParts<number | string>, 'outputs'> {
  outputs: readonly Declared[];
}

/** The model of a graph. Its nodes are listed as given. */
export function encodeModel({ nodes, constants, inputs, outputs }: EncodableParts): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: opsetsOf(nodes),
    graph: {
      name: 'program',
      node: nodes.map((node) => encodeNode(node)),
      initializer: constants.map(({ name, dtype, shape, bytes }) => ({ name, dims: [...shape], dataType: onnxTypes[dtype], rawData: bytes })),
      input: inputs.map(encodeValueInfo),
      output: outputs.map(encodeValueInfo),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/** The operator sets that the nodes come from. */
export function opsetsOf(nodes: readonly Node[]): onnxProto.onnx.IOperatorSetIdProto[] {
  const domains = new Set(nodes.flatMap(withBranches).map((node) => node.domain).filter((domain) => domain !== ''));
  return [{ domain: '', version: OPSET }, ...[...domains].map((domain) => ({ domain, version: 1 }))];
}

/** @param name shown in viewers */
export function encodeNode(node: Node, name?: string): onnxProto.onnx.INodeProto {
  const { op, domain, inputs, outputs, attributes } = node;
  const type = onnx.AttributeProto.AttributeType.GRAPH;
  const branches = Object.entries(mapBranches(node, encodeBranch) ?? {}).map(([name, g]) => ({ name, type, g }));
  return { ...(name === undefined ? {} : { name }), opType: op, domain, input: [...inputs], output: outputs, attribute: [...encodeAttributes(attributes), ...branches] };
}

const encodeBranch = ({ nodes, output }: Branch): onnxProto.onnx.IGraphProto => ({ name: 'branch', node: nodes.map((node) => encodeNode(node)), output: [encodeValueInfo(output)] });

export function encodeValueInfo(value: Declared): onnxProto.onnx.IValueInfoProto {
  const { name } = value;
  if (!('dtype' in value)) return { name };
  const dim = value.shape.map((extent) => (typeof extent === 'string' ? { dimParam: extent } : { dimValue: extent }));
  return { name, type: { tensorType: { elemType: onnxTypes[value.dtype], shape: { dim } } } };
}

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

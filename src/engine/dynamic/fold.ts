/** Computes ahead of time what of a graph depends on constants alone, such as tables that are made of weights. */
import { encodeModel } from '../onnx-encode.js';
import { onnxTypes, type Constant, type GraphParts, type Node, type OnnxType } from '../onnx-parts.js';
import { runOnce } from '../runtime/run-once.js';

/** Bytes of constants: beyond, the graph is left as it is, since the part that is computed must fit one message of protobuf. */
const LARGEST = 1 << 30;
/** Results that take more room than this share of what they are made of are left to the runtime. */
const GROWTH = 1.25;

type DynamicParts = GraphParts<number | string>;

/** @returns an equal graph with fewer nodes */
export async function foldConstants(parts: DynamicParts): Promise<DynamicParts> {
  const known = new Set(parts.constants.map(({ name }) => name));
  const folded = parts.nodes.filter(({ inputs, outputs }) => {
    const isKnown = inputs.length > 0 && inputs.every((input) => input === '' || known.has(input));
    if (isKnown) for (const output of outputs) known.add(output);
    return isKnown;
  });
  const results = readElsewhere(parts, folded);
  if (!results.length) return parts;
  const constants = readBy(folded, parts.constants);
  if (bytesIn(constants) > LARGEST) return parts;
  const computed = await compute(folded, constants, results);
  const nodes = parts.nodes.filter((node) => !folded.includes(node));
  const after = { ...parts, nodes, constants: [...readBy(nodes, parts.constants), ...computed] };
  return bytesIn(after.constants) > GROWTH * bytesIn(parts.constants) ? parts : after;
}

/** Values of the nodes that others read, or that are outputs. */
function readElsewhere({ nodes, outputs }: DynamicParts, folded: readonly Node[]): string[] {
  const isFolded = new Set(folded);
  const read = new Set([...nodes.filter((node) => !isFolded.has(node)).flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]);
  return folded.flatMap((node) => node.outputs.filter((output) => read.has(output)));
}

function readBy(nodes: readonly Node[], constants: readonly Constant[]): Constant[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  return constants.filter(({ name }) => read.has(name));
}

const bytesIn = (constants: readonly Constant[]): number => constants.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

async function compute(nodes: Node[], constants: Constant[], results: readonly string[]): Promise<Constant[]> {
  const outputs = await runOnce(encodeModel({ nodes, constants, inputs: [], outputs: results.map((name) => ({ name })) }), {});
  return results.map((name) => {
    const { type, dims, data } = outputs[name]!;
    return { name, dtype: typeOf(type), shape: dims, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  });
}

function typeOf(type: string): OnnxType {
  if (type in onnxTypes) return type as OnnxType;
  throw new TypeError(`no such element type: ${type}`);
}

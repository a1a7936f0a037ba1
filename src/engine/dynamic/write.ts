/** Writes a graph as an ONNX file: everything in it, or, beyond what protobuf can hold, the large constants in a second file beside it. */
import fs from 'node:fs';
import path from 'node:path';
import onnxProto from 'onnx-proto';
import { encodeNode, encodeValueInfo, IR_VERSION, opsetsOf } from '../onnx-encode.js';
import { onnxTypes, type Constant, type GraphParts } from '../onnx-parts.js';

const { onnx } = onnxProto;

/** A message of protobuf has less than 2 GiB, the graph itself among it. */
const LARGEST_MESSAGE = 2 ** 31 - 2 ** 24;
/** Constants up to this many bytes stay in the model: shapes and the like, which readers want to see. */
const SMALL = 1024;
/** Where a page of memory begins, so that the file can be mapped. */
const ALIGNMENT = 4096;
const LARGEST_WRITE = 1 << 30;

export interface OnnxDescription {
  /** Of the graph. */
  name: string;
  /** For people. */
  description: string;
  producer: { name: string; version: string };
  /** Keys and values that readers find with the model. */
  metadata: Readonly<Record<string, string>>;
}

export interface WriteOptions {
  /** Bytes of constants from which they go to the second file. */
  largest?: number;
}

/** @param file ending in .onnx; the second one is called `FILE.data` @returns the names of the files that were written */
export function writeOnnx(file: string, parts: GraphParts<number | string>, description: OnnxDescription, { largest = LARGEST_MESSAGE }: WriteOptions = {}): string[] {
  const total = parts.constants.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const isOutside = ({ bytes }: Constant): boolean => total > largest && bytes.byteLength > SMALL;
  const outside = parts.constants.filter(isOutside);
  const data = `${path.basename(file)}.data`;
  const offsets = outside.length ? writeData(path.join(path.dirname(file), data), outside) : new Map<Constant, number>();
  const initializer = parts.constants.map((constant) => {
    const { name, dtype, shape, bytes } = constant;
    const described = { name, dims: [...shape], dataType: onnxTypes[dtype] };
    const offset = offsets.get(constant);
    return offset === undefined ? { ...described, rawData: bytes } : { ...described, dataLocation: onnx.TensorProto.DataLocation.EXTERNAL, externalData: entries({ location: data, offset: `${offset}`, length: `${bytes.byteLength}` }) };
  });
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: opsetsOf(parts.nodes),
    producerName: description.producer.name,
    producerVersion: description.producer.version,
    docString: description.description,
    metadataProps: entries(description.metadata),
    graph: {
      name: description.name,
      node: parts.nodes.map((node) => encodeNode(node, node.outputs[0])),
      initializer,
      input: parts.inputs.map(encodeValueInfo),
      output: parts.outputs.map(encodeValueInfo),
    },
  });
  fs.writeFileSync(file, onnx.ModelProto.encode(model).finish());
  return [path.basename(file), ...(offsets.size ? [data] : [])];
}

const entries = (record: Readonly<Record<string, string>>): onnxProto.onnx.IStringStringEntryProto[] => Object.entries(record).map(([key, value]) => ({ key, value }));

/** @returns where each constant begins */
function writeData(file: string, constants: readonly Constant[]): Map<Constant, number> {
  const offsets = new Map<Constant, number>();
  const handle = fs.openSync(file, 'w');
  try {
    let at = 0;
    for (const constant of constants) {
      at = Math.ceil(at / ALIGNMENT) * ALIGNMENT;
      offsets.set(constant, at);
      const { byteLength } = constant.bytes;
      // One call writes less than 2 GiB.
      for (let done = 0; done < byteLength; ) done += fs.writeSync(handle, constant.bytes, done, Math.min(byteLength - done, LARGEST_WRITE), at + done);
      at += byteLength;
    }
  } finally {
    fs.closeSync(handle);
  }
  return offsets;
}

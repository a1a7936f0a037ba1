/** What model files say in words: the header of safetensors, the descriptions and string tensors of ONNX. Weights are not looked at. */
import fs from 'node:fs';
import onnxProto from 'onnx-proto';
import type { Piece } from '../finding.js';
import { jsonPieces } from './json.js';

const LENGTH_BYTES = 8;
const LARGEST_HEADER = 100_000_000;

export function* safetensorsPieces(file: string): Generator<Piece> {
  const handle = fs.openSync(file, 'r');
  try {
    const length = Buffer.alloc(LENGTH_BYTES);
    fs.readSync(handle, length, 0, LENGTH_BYTES, 0);
    const header = Buffer.alloc(Math.min(LARGEST_HEADER, Number(length.readBigUInt64LE())));
    fs.readSync(handle, header, 0, header.length, LENGTH_BYTES);
    yield* jsonPieces(header.toString('utf8'));
  } finally {
    fs.closeSync(handle);
  }
}

/** @throws when the file is no ONNX model */
export function* onnxPieces(file: string): Generator<Piece> {
  const model = onnxProto.onnx.ModelProto.decode(fs.readFileSync(file));
  for (const { key, value } of model.metadataProps) {
    // Vocabularies lie here, as JSON.
    if (/^\s*[[{]/.test(value ?? '')) yield* jsonPieces(value!);
    else yield { line: 0, text: value ?? '', field: key ?? undefined };
  }
  for (const text of [model.docString, model.graph?.docString, model.graph?.name]) if (text) yield { line: 0, text };
  for (const { name, docString, stringData } of model.graph?.initializer ?? []) {
    for (const text of [name, docString]) if (text) yield { line: 0, text };
    for (const bytes of stringData ?? []) yield { line: 0, text: Buffer.from(bytes).toString('utf8') };
  }
  for (const { docString, attribute } of model.graph?.node ?? []) {
    if (docString) yield { line: 0, text: docString };
    for (const { s, strings } of attribute ?? []) for (const bytes of [s, ...(strings ?? [])]) if (bytes?.length) yield { line: 0, text: Buffer.from(bytes).toString('utf8') };
  }
}

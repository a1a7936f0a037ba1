/** Runs an ONNX model as any user of onnxruntime-node would: one session on the CPU, one run, nothing kept. */
import { importOrt } from './binding.js';

export interface PlainTensor {
  /** As ONNX Runtime calls element types: `float32`, `int64`, … */
  type: string;
  dims: readonly number[];
  data: Float32Array | Int32Array | Uint8Array | BigInt64Array;
}

/** @param model its bytes, or the path of a file @param feeds name → tensor @returns all outputs by name @throws what ONNX Runtime throws */
export async function runOnce(model: Uint8Array | string, feeds: Record<string, PlainTensor>): Promise<Record<string, PlainTensor>> {
  const ort = await importOrt();
  const session = await ort.InferenceSession.create(model as string, { executionProviders: ['cpu'], logSeverityLevel: 3 });
  try {
    const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type as 'float32', data as Float32Array, dims)]);
    return (await session.run(Object.fromEntries(tensors))) as unknown as Record<string, PlainTensor>;
  } finally {
    await session.release();
  }
}

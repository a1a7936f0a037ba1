/** Functions of tensors as ONNX files for other runtimes, with axes of any extent. */
export { openGraph, type DynamicSpec, type OpenGraphOptions } from './export.js';
export type { Axes } from './extents.js';
export { writeOnnx, type OnnxDescription, type WriteOptions } from './write.js';
export { runOnce, type PlainTensor } from '../runtime/run-once.js';

/**
 * The engine's public face. A model is a pure function of tfjs tensors; `Device.compile` records it — forward, backward, optimizer —
 * as one ONNX graph and runs it on ONNX Runtime (or eagerly on a tfjs device).
 */
export { deviceNames, listDevices, openDevice, type DeviceReport } from './devices.js';
export { valueAndGradients, type ValueAndGradients } from './gradients.js';
export * from './ops/index.js';
export { threadCount } from './runtime/threads.js';
export { sizeOf } from './shapes.js';
export { tf } from './tf.js';
export { trace, type Trace, type TraceOptions } from './trace.js';
export type * from './types.js';

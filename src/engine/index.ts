/**
 * The engine's public face. A model is a pure function of tfjs tensors; `compile` records it — forward, backward, optimizer —
 * as one ONNX graph and runs it on ONNX Runtime (or eagerly on a tfjs device).
 */
export {};

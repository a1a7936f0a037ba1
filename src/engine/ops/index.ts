/** Operations that spell themselves out in ONNX in a program, with gradients of their own, and are composed of plain tfjs elsewhere. */
export { attentionScores, softmax } from './attention.js';
export { staticTensor, stopGradient } from './constants.js';
export { dropout } from './dropout.js';
export { feedForward, type Affine } from './feed-forward.js';
export { gatherRows } from './gather.js';
export { gelu } from './gelu.js';
export { graphAttention, type GraphAttentionInput } from './graph-attention.js';
export { planEdges, type GraphPlan } from './graph-plan.js';
export { layerNorm } from './layer-norm.js';
export { linear } from './linear.js';
export { linearScan, type LinearScanOptions } from './linear-scan.js';
export { bceWithLogits, crossEntropy } from './loss.js';
export { attention, type AttentionOptions, type DropoutMask } from './multi-head-attention.js';
export { sumOfSquares } from './norm.js';

/**
 * Linear layers in 8-bit integers: weights are quantised when the program is made, inputs as they come, both by blocks along the layer's inputs.
 * Blocks contain what a few large activations do to precision, and a row's result depends on that row alone.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { asTensor } from './trace.js';

/** Elements that share a scale: smaller is more precise, larger is faster. */
const BLOCK = 128;
/** Largest magnitude; values are stored with this and one added, as ONNX Runtime wants them. */
const LARGEST = 127;
const ZERO_POINT = 128;
/** MatMulNBits: compute in 8-bit integers. */
const INTEGER_PRODUCTS = 4;

export interface QuantizedWeight {
  /** [out, blocks, BLOCK]; the last block is padded with zeros. */
  values: Uint8Array;
  /** [out, blocks]: weight ≈ (value − 128) · scale. A block of zeros has scale 1. */
  scales: Float32Array;
  blocks: number;
}

/** Symmetric, each block of each output row by its largest magnitude. */
export function quantizeWeight(weight: ArrayLike<number>, [outputs, inputs]: readonly [number, number]): QuantizedWeight {
  const blocks = Math.ceil(inputs / BLOCK);
  const values = new Uint8Array(outputs * blocks * BLOCK).fill(ZERO_POINT);
  const scales = new Float32Array(outputs * blocks);
  for (let b = 0; b < scales.length; b++) {
    const [row, first] = [Math.floor(b / blocks) * inputs, (b % blocks) * BLOCK];
    const last = Math.min(first + BLOCK, inputs);
    let largest = 0;
    for (let i = first; i < last; i++) largest = Math.max(largest, Math.abs(weight[row + i]!));
    const scale = (scales[b] = Math.fround(largest / LARGEST) || 1);
    for (let i = first; i < last; i++) values[b * BLOCK + i - first] = ZERO_POINT + Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight[row + i]! / scale)));
  }
  return { values, scales, blocks };
}

/** The layer in integers where the program asks for it and the weight is baked in; else undefined. */
export function quantizedLinear(recorder: Recorder, x_NI: Tensor, weight_OI: Tensor, bias_O?: Tensor): Tensor | undefined {
  const known = recorder.quantize && !recorder.standardOnly ? recorder.hostValues(weight_OI) : undefined;
  if (!known) return undefined;
  const [outputs, inputs] = weight_OI.shape as [number, number];
  const { values, scales, blocks } = quantizeWeight(known, [outputs, inputs]);
  const weight = recorder.constant('uint8', [outputs, blocks, BLOCK], values);
  const scale = recorder.constant('float32', [scales.length], scales);
  // Left out, and written as empty names: zero points (128 is the default) and an order of groups.
  const operands = bias_O ? [x_NI, weight, scale, '', '', bias_O] : [x_NI, weight, scale];
  const attributes = { K: inputs, N: outputs, bits: 8, block_size: BLOCK, accuracy_level: INTEGER_PRODUCTS };
  return asTensor(recorder.emit('com.microsoft.MatMulNBits', operands, { shape: [x_NI.shape[0]!, outputs], dtype: 'float32' }, attributes));
}

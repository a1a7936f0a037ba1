/** Bridges between tfjs tensors and the recorder, for operations that spell themselves out in ONNX. */
import type { Tensor, TensorInfo } from '@tensorflow/tfjs';
import { tf } from '../tf.js';

/** A recorded value as a tfjs tensor. */
export const asTensor = (info: TensorInfo): Tensor => tf.engine().makeTensorFromTensorInfo(info);

/** Whether what is computed now may be differentiated: within `valueAndGradients`, and any other function of tfjs that takes gradients. */
export const isDifferentiating = (): boolean => tf.engine().state.gradientDepth > 0;

export interface Recorded {
  value: Tensor;
  /** What the gradient needs; tfjs keeps it alive. */
  saved?: Tensor[];
  /** dy → the gradients of the inputs, in order. */
  gradient: (dy: Tensor, saved: Tensor[]) => Tensor[];
}

/** Computes `forward` as one operation with its own gradient. */
export function withGradient(inputs: Tensor[], forward: (inputs: Tensor[]) => Recorded): Tensor {
  const operation = tf.customGrad((...args) => {
    const save = args.pop() as unknown as (tensors: Tensor[]) => void;
    const { value, saved = [], gradient } = forward(args as Tensor[]);
    save(saved);
    return { value, gradFunc: (dy: Tensor, kept: Tensor[]) => gradient(dy, kept) };
  });
  return operation(...inputs);
}

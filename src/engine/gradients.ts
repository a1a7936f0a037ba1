/** Values and gradients in one call, for any number of named parameters. */
import type { Tensor } from '@tensorflow/tfjs';
import { shapeError } from '../core/errors.js';
import { tf } from './tf.js';
import type { Tensors } from './types.js';

export interface ValueAndGradients<Extra> {
  /** The scalar that was differentiated. */
  value: Tensor;
  /** Parameter → gradient, of the parameter's shape; zeros for parameters that the value does not depend on. */
  gradients: Tensors;
  /** What else `fn` returned. */
  extra: Extra;
}

/**
 * Differentiates a scalar by every parameter. `fn` returns the scalar, or `{ value, ...extra }` to hand out more tensors.
 * @throws shape error when the value is not a scalar
 */
export function valueAndGradients<Extra extends Tensors = Record<string, never>>(
  fn: (parameters: Tensors) => Tensor | ({ value: Tensor } & Extra),
  parameters: Tensors,
): ValueAndGradients<Extra> {
  const names = Object.keys(parameters);
  const tensors = Object.values(parameters);
  let extra = {} as Extra;
  const differentiated = (): Tensor => {
    const result = fn(parameters);
    if (result instanceof tf.Tensor) return checkedScalar(result);
    const { value, ...rest } = result;
    extra = rest as unknown as Extra;
    for (const tensor of Object.values(rest) as Tensor[]) tf.keep(tensor);
    return checkedScalar(value);
  };
  if (!names.length) return { value: tf.tidy(differentiated), gradients: {}, extra };
  // The last argument lets gradients be missing; tf.grads would throw.
  const { value, grads } = tf.engine().gradients(differentiated, tensors, undefined, true);
  return { value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i] ?? tf.zerosLike(tensors[i]!)])), extra };
}

function checkedScalar(value: Tensor): Tensor {
  if (value.rank !== 0) throw shapeError(`the value to differentiate has shape [${value.shape}]; expected a scalar (take its mean or sum)`);
  return value;
}

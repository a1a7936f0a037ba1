/** Parameters from files: values are read by name, and only into a parameter of the same shape. */
import { checkpointError } from '../core/errors.js';
import { flattenTree, unflattenTree, type Tree } from '../core/tree.js';
import { isParameterInit, type ParameterInit } from '../nn/parameters.js';

/** Named tensors on disk. */
export interface TensorSource {
  /** Shown in errors. */
  file: string;
  /** Undefined when there is no such tensor. */
  describe(name: string): { shape: readonly number[] } | undefined;
  read(name: string): { data: Float32Array | Int32Array };
}

/** @throws checkpoint error when the source lacks the tensor or has it in another shape */
export function expectTensor({ file, describe }: TensorSource, name: string, shape: readonly number[]): void {
  const stored = describe(name);
  if (!stored) throw checkpointError(`${file}: has no parameter ${name} [${shape.join(', ')}]; was it trained with another model configuration or vocabulary?`);
  if (stored.shape.join() !== shape.join()) {
    throw checkpointError(`${file}: parameter ${name} is [${stored.shape.join(', ')}], this model needs [${shape.join(', ')}]; the configuration or the vocabulary differs`);
  }
}

/**
 * Parameters that `source` holds start from its values, which are read when they are needed.
 * @param optional parameters that it need not hold (a new head on a pre-trained encoder): they start as `inits` says
 * @throws checkpoint error naming the first other parameter that is missing, or one that has another shape
 */
export function withStoredValues<Inits extends Tree<ParameterInit>>(inits: Inits, source: TensorSource, optional: (path: string) => boolean): Inits {
  const entries = flattenTree<ParameterInit>(inits, isParameterInit).map(([path, init]): [string, ParameterInit] => {
    if (!source.describe(path) && optional(path)) return [path, init];
    expectTensor(source, path, init.shape);
    return [path, { ...init, fill: (values) => values.set(source.read(path).data) }];
  });
  return unflattenTree(entries) as Inits;
}

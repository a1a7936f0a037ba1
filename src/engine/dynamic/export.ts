/** A function of tensors as an ONNX graph with open axes, its weights inside, of standard operators alone. */
import { traceParts } from '../trace.js';
import type { Constant, GraphParts } from '../onnx-parts.js';
import type { DType, ProgramFunction, TensorSpec } from '../types.js';
import { chooseExtents, type Axes } from './extents.js';
import { foldConstants } from './fold.js';
import { generalise, type TraceAt } from './generalise.js';
import { nameValues } from './names.js';

/** An input, whose axes are numbers or names. Axes of one name have one extent. */
export interface DynamicSpec {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

export interface OpenGraphOptions {
  /** Shown in errors. */
  name: string;
  /** The axes that the inputs name. */
  axes: Axes;
  /** Further arguments of the function, which become the graph's constants. */
  weights: Record<string, { shape: readonly number[]; data: Float32Array }>;
}

/**
 * Traces the function at several extents and makes one graph of the traces, which holds for all extents that the function takes.
 * @throws device error where that cannot be, with what to do
 */
export async function openGraph(fn: ProgramFunction, specs: readonly DynamicSpec[], { name, axes, weights }: OpenGraphOptions): Promise<GraphParts<number | string>> {
  const parameters = Object.entries(weights).map(([weight, { shape }]): TensorSpec => ({ name: weight, shape, dtype: 'float32' }));
  const traces = chooseExtents(axes).map((extents): TraceAt => {
    const inputs = specs.map((spec): TensorSpec => ({ ...spec, shape: spec.shape.map((axis) => (typeof axis === 'string' ? extents[axis]! : axis)) }));
    return { extents, parts: traceParts(fn, [...inputs, ...parameters], { name, standardOnly: true }) };
  });
  const open = generalise(traces as [TraceAt, ...TraceAt[]], [...specs, ...parameters], name);
  const folded = await foldConstants(withWeights(open, weights));
  return nameValues(folded, (constant) => constant in weights);
}

/** Inputs that are weights become constants. */
function withWeights(parts: GraphParts<number | string>, weights: OpenGraphOptions['weights']): GraphParts<number | string> {
  const used = parts.inputs.filter(({ name }) => name in weights);
  const constants = used.map(({ name }): Constant => {
    const { shape, data } = weights[name]!;
    return { name, dtype: 'float32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  });
  return { ...parts, inputs: parts.inputs.filter(({ name }) => !(name in weights)), constants: [...constants, ...parts.constants] };
}

/** A fine-tuned model as an ONNX graph: visits in, probabilities of all labels out. */
import { configurationError } from '../../src/core/errors.js';
import { unflattenTree } from '../../src/core/tree.js';
import type { Tensor, Tensors } from '../../src/engine/index.js';
import { openGraph, type OpenGraphOptions } from '../../src/engine/dynamic/index.js';
import { bakedWeights } from '../../src/training/forward.js';
import type { TaskParameters } from '../model.js';
import type { StatedRun } from '../stated-run.js';
import { inputsOf, necessarilyFixed, openAxes, withFixed, type ExportedInput, type FixedAxes } from './inputs.js';

export interface GraphOptions {
  /** With what labels attend to. */
  attention: boolean;
  /** Axes that get one extent for ever. */
  fixed: FixedAxes;
}

export type ExportedGraph = Awaited<ReturnType<typeof openGraph>>;

type Exportable = Pick<StatedRun, 'dir' | 'modelConfig' | 'config' | 'task' | 'model' | 'parameters'>;

/** The function that is exported: `probabilities` [B, L], and `attention` [B, K, C·W] where it is wanted. */
export function predictor({ model, parameters }: Pick<StatedRun, 'model' | 'parameters'>, attention: boolean): (inputs: Tensors) => Tensors {
  const paths = parameters.layout.specs.map(({ name }) => name);
  return (inputs) => {
    const p = unflattenTree<Tensor>(paths.map((path) => [path, inputs[path]!] as const)) as TaskParameters;
    return { ...model.predict(p, inputs), ...(attention ? { attention: model.explain!(p, inputs)['weights']! } : {}) };
  };
}

/** @throws configuration error where the model has no attention, or an axis cannot be fixed; device error where it cannot be left open */
export async function exportGraph(run: Exportable, { attention, fixed }: GraphOptions): Promise<{ graph: ExportedGraph; inputs: ExportedInput[] }> {
  const { dir, modelConfig, model, parameters } = run;
  if (attention && !model.explain) throw configurationError(`${dir}: its labels do not attend to a text; leave --with-attention out`);
  const inputs = withFixed(inputsOf(run, attention), { ...necessarilyFixed(modelConfig), ...fixed }, modelConfig);
  const options: OpenGraphOptions = { name: dir, axes: openAxes(inputs, modelConfig), weights: bakedWeights([parameters]) };
  const graph = await openGraph(predictor(run, attention), inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype })), options);
  const read = new Set(graph.inputs.map(({ name }) => name));
  return { graph, inputs: inputs.filter(({ name }) => read.has(name)) };
}

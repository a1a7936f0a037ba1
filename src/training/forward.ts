/** Inference over batches with a model's parameters: as they are at each run (shared buffers, no copies), or baked into the programs. */
import { unflattenTree } from '../core/tree.js';
import type { Buffers, Call, CompileOptions, Device, Program, Tensors } from '../engine/index.js';
import type { FlatParameters } from './checkpoint.js';
import { cacheBySignature, feed, type Batch } from './program-cache.js';

export interface Forward {
  /** Output buffers of the last run; copy what must outlive the next one. */
  run(batch: Batch): Promise<Buffers>;
  dispose(): void;
}

export interface ForwardOptions<Parameters> {
  device: Device;
  /** In one or several buffers, which are read at every run unless `quantize` is given. */
  parameters: readonly FlatParameters[];
  /** Bakes the parameters in, linear layers in 8-bit integers. */
  quantize?: 'int8';
  fn: (parameters: Parameters, inputs: Tensors) => Tensors;
  name: string;
}

export function createForward<Parameters>({ device, parameters, quantize, fn, name }: ForwardOptions<Parameters>): Forward {
  const specs = parameters.flatMap(({ layout }) => layout.specs);
  const views = Object.assign({}, ...parameters.map(({ layout, values }) => layout.view(values))) as Record<string, Float32Array>;
  const programs = cacheBySignature(async (batchSpecs): Promise<{ program: Program; call: Call }> => {
    const program = await device.compile(
      (inputs) => fn(unflattenTree(specs.map(({ name: path }) => [path, inputs[path]!] as const)) as Parameters, inputs),
      quantize ? batchSpecs : [...batchSpecs, ...specs],
      quantize ? { name, quantize, weights: bakedWeights(parameters) } : { name },
    );
    return { program, call: quantize ? program.bind() : program.bind(views) };
  });
  return {
    async run(batch) {
      const { call } = await programs.get(batch);
      feed(call.inputs, batch);
      await call.run();
      return call.outputs;
    },
    dispose: () => programs.dispose(),
  };
}

/** Parameters as the weights of a compiled program. */
export const bakedWeights = (parameters: readonly FlatParameters[]): NonNullable<CompileOptions['weights']> =>
  Object.fromEntries(parameters.flatMap(({ layout, values }) => {
    const views = layout.view(values);
    return layout.specs.map(({ name, shape }) => [name, { shape, data: views[name]! }]);
  }));

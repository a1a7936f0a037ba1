/** Inference over batches with a model's current parameters (shared buffers, no copies). */
import { unflattenTree } from '../core/tree.js';
import type { Buffers, Call, Device, Program, Tensors } from '../engine/index.js';
import type { FlatParameters } from './checkpoint.js';
import { cacheBySignature, feed, type Batch } from './program-cache.js';

export interface Forward {
  /** Output buffers of the last run; copy what must outlive the next one. */
  run(batch: Batch): Promise<Buffers>;
  dispose(): void;
}

export interface ForwardOptions<Parameters> {
  device: Device;
  /** Parameters in one or several buffers, which are read at every run. */
  parameters: readonly FlatParameters[];
  fn: (parameters: Parameters, inputs: Tensors) => Tensors;
  name: string;
}

export function createForward<Parameters>({ device, parameters, fn, name }: ForwardOptions<Parameters>): Forward {
  const specs = parameters.flatMap(({ layout }) => layout.specs);
  const views = Object.assign({}, ...parameters.map(({ layout, values }) => layout.view(values))) as Record<string, Float32Array>;
  const programs = cacheBySignature(async (batchSpecs): Promise<{ program: Program; call: Call }> => {
    const program = await device.compile(
      (inputs) => fn(unflattenTree(specs.map(({ name: path }) => [path, inputs[path]!] as const)) as Parameters, inputs),
      [...batchSpecs, ...specs],
      { name },
    );
    return { program, call: program.bind(views) };
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

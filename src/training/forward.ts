/** Inference over batches with a model's current parameters (shared buffers, no copies). */
import { unflattenTree } from '../core/tree.js';
import type { Buffers, Call, Device, Program, Tensors } from '../engine/index.js';
import type { ParameterLayout } from './flat-parameters.js';
import { cacheBySignature, feed, type Batch } from './program-cache.js';

export interface Forward {
  /** Output buffers of the last run; copy what must outlive the next one. */
  run(batch: Batch): Promise<Buffers>;
  dispose(): void;
}

export interface ForwardOptions<Parameters> {
  device: Device;
  layout: ParameterLayout;
  /** Named parameter buffers; read at every run. */
  views: Record<string, Float32Array>;
  fn: (parameters: Parameters, inputs: Tensors) => Tensors;
  name: string;
}

export function createForward<Parameters>({ device, layout, views, fn, name }: ForwardOptions<Parameters>): Forward {
  const paths = layout.specs.map((spec) => spec.name);
  const programs = cacheBySignature(async (specs): Promise<{ program: Program; call: Call }> => {
    const program = await device.compile(
      (inputs) => fn(unflattenTree(paths.map((path) => [path, inputs[path]!] as const)) as Parameters, inputs),
      [...specs, ...layout.specs],
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

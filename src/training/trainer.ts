/** A trainer owns a model's flat parameters, gradients and moments, and runs optimizer steps over micro-batches. */
import { numericError } from '../core/errors.js';
import { unflattenTree, type Tree } from '../core/tree.js';
import { tf, valueAndGradients, type Call, type Device, type Noise, type NoiseKey, type Program, type Tensor, type Tensors, type TensorSpec } from '../engine/index.js';
import type { ParameterInit } from '../nn/parameters.js';
import type { FlatParameters } from './checkpoint.js';
import { initialValues, layOut, type ParameterLayout } from './flat-parameters.js';
import { createAdamW, type OptimizerConfig } from './optimizer.js';
import { cacheBySignature, feed, type Batch } from './program-cache.js';

/** `loss` (a scalar) and any further scalars to report. */
export type LossFunction<Parameters> = (parameters: Parameters, inputs: Tensors, noise: Noise) => Tensors & { loss: Tensor };

export interface TrainerOptions<Parameters> {
  device: Device;
  inits: Tree<ParameterInit>;
  loss: LossFunction<Parameters>;
  optimizer: OptimizerConfig;
  seed: number;
  /** Shown in errors. */
  name: string;
  /** Factor of a parameter's learning rate, by its path. */
  rateOf?: (path: string) => number;
  /** Parameters that the loss reads and nothing changes. */
  fixed?: FlatParameters;
}

export interface StepResult {
  /** Means over the micro-batches: `loss` and what else the loss function returned. */
  scalars: Record<string, number>;
  gradientNorm: number;
}

export interface Trainer {
  readonly layout: ParameterLayout;
  /** Flat buffers, updated in place by {@link step}. */
  readonly parameters: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Named views of `parameters`. */
  readonly views: Record<string, Float32Array>;
  /**
   * One optimizer step (numbered from 1) over the micro-batches.
   * @throws numeric error naming the step when the loss or the gradient is not finite; the parameters are then unchanged
   */
  step(step: number, microBatches: readonly Batch[], learningRate: number): Promise<StepResult>;
  dispose(): void;
}

interface GradientProgram {
  program: Program;
  call: Call;
  scalarNames: string[];
}

export async function createTrainer<Parameters>(options: TrainerOptions<Parameters>): Promise<Trainer> {
  const { device, inits, seed, rateOf } = options;
  const layout = layOut(inits, rateOf);
  const parameters = initialValues(layout, inits);
  const [gradients, m, v] = [new Float32Array(layout.size), new Float32Array(layout.size), new Float32Array(layout.size)];
  const views = layout.view(parameters);
  const optimizer = await createAdamW(device, layout, { parameters, gradients, m, v }, options.optimizer);
  const gradientBuffers = { views, gradients: layout.view(gradients) };
  const first = cacheBySignature((specs) => compileGradients(options, layout, specs, { ...gradientBuffers, accumulate: false }));
  const further = cacheBySignature((specs) => compileGradients(options, layout, specs, { ...gradientBuffers, accumulate: true }));

  return {
    layout,
    parameters,
    m,
    v,
    views,
    async step(step, microBatches, learningRate) {
      const sums: Record<string, number> = {};
      for (const [micro, batch] of microBatches.entries()) {
        const { call, scalarNames } = await (micro === 0 ? first : further).get(batch);
        feed(call.inputs, batch);
        const key: NoiseKey = { seed, step, micro };
        await call.run(key);
        for (const name of scalarNames) sums[name] = (sums[name] ?? 0) + call.outputs[name]![0]!;
      }
      const scalars = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / microBatches.length]));
      assertFinite(options.name, step, 'loss', scalars['loss']!);
      const gradientNorm = await optimizer.update(step, learningRate, microBatches.length, (norm) => assertFinite(options.name, step, 'gradient norm', norm));
      return { scalars, gradientNorm };
    },
    dispose() {
      first.dispose();
      further.dispose();
      optimizer.dispose();
    },
  };
}

function assertFinite(name: string, step: number, what: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw numericError(`${name}: the ${what} became ${value} at step ${step}; the last good checkpoint is kept. Try a lower learning rate or more warm-up (optimizer.learning_rate, optimizer.warmup)`);
}

const GRADIENT = 'gradient/';
const SUM = 'sum/';

interface GradientBuffers {
  views: Record<string, Float32Array>;
  gradients: Record<string, Float32Array>;
  /** Add to what the gradient buffers hold instead of overwriting it. */
  accumulate: boolean;
}

async function compileGradients<Parameters>(
  { device, loss, name, fixed }: TrainerOptions<Parameters>,
  layout: ParameterLayout,
  batchSpecs: TensorSpec[],
  { views, gradients, accumulate }: GradientBuffers,
): Promise<GradientProgram> {
  const paths = layout.specs.map((spec) => spec.name);
  const fixedSpecs = fixed?.layout.specs ?? [];
  const scalarNames: string[] = [];
  const program = await device.compile(
    (inputs, noise) => {
      const leaves = Object.fromEntries(paths.map((path) => [path, inputs[path]!]));
      const { value, gradients: byPath, extra } = valueAndGradients((p) => {
        const constants = fixedSpecs.map((spec) => [spec.name, inputs[spec.name]!] as const);
        const { loss: scalar, ...scalars } = loss(unflattenTree([...Object.entries(p), ...constants]) as Parameters, inputs, noise);
        return { value: scalar, ...scalars } as { value: Tensor } & Tensors;
      }, leaves);
      const outputs: Tensors = { loss: value, ...extra };
      scalarNames.splice(0, Infinity, ...Object.keys(outputs));
      for (const path of paths) {
        const gradient = byPath[path]!;
        outputs[GRADIENT + path] = accumulate ? tf.add(inputs[SUM + path]!, gradient) : gradient;
      }
      return outputs;
    },
    [...batchSpecs, ...layout.specs, ...fixedSpecs, ...(accumulate ? layout.specs.map((spec) => ({ ...spec, name: SUM + spec.name })) : [])],
    { name: `${name} step` },
  );
  const prefixed = (prefix: string) => Object.fromEntries(paths.map((path) => [prefix + path, gradients[path]!]));
  const call = program.bind({ ...views, ...fixed?.layout.view(fixed.values), ...(accumulate ? prefixed(SUM) : {}) }, prefixed(GRADIENT));
  return { program, call, scalarNames };
}

/** `medweave bench step`: how much of a training step's time is the matrix products it cannot do without. */
import os from 'node:os';
import type { Device } from '../engine/index.js';
import { createBareProduct, createEmptyCall } from './bare-products.js';
import { peakMemoryMiB, timeInterleaved } from './measure.js';
import { productFlops, stepProducts, totalFlops, type StepShape } from './products.js';
import { createTrainingStep } from './training-step.js';

export interface StepBenchOptions extends StepShape {
  device: Device;
  repeats: number;
  dropout: number;
  seed: number;
  threads: number;
  signal: AbortSignal;
}

interface Rate {
  ms: number;
  gflops_per_second: number;
}

export interface StepBench {
  shape: StepShape;
  device: string;
  threads: number;
  gflop: number;
  /** With dropout, as in training. */
  step: Rate;
  step_without_dropout: Rate;
  /** Sum of the medians of the bare products, less the price of calling each. */
  bare: Rate;
  /** Rate of the step over rate of the bare products: 1 would be a step that does nothing else. */
  ratio: number;
  ratio_without_dropout: number;
  products: { a: number[]; b: number[]; transpose: [boolean, boolean]; count: number; ms: number; gflops_per_second: number }[];
  /** After the first step with dropout: model, optimizer, activations and the runtime. */
  peak_memory_mib: number;
  load_average: number[];
  repeats: number;
}

const WARM_UP = 2;
/** What a timing cannot resolve. */
const CLOCK_MS = 1e-3;

export async function benchStep({ device, repeats, dropout, seed, threads, signal, ...shape }: StepBenchOptions): Promise<StepBench> {
  const training = await createTrainingStep(device, shape, dropout, seed);
  await training.run();
  const peak = peakMemoryMiB();
  const plain = await createTrainingStep(device, shape, 0, seed);
  const products = stepProducts(shape);
  const bare = await Promise.all(products.map((product) => createBareProduct(device, product)));
  const subjects = [training, plain, await createEmptyCall(device), ...bare];
  const [step, withoutDropout, empty, ...withCall] = await timeInterleaved(subjects, { repeats, warmUp: WARM_UP, signal });
  for (const subject of subjects) subject.dispose();

  const flops = totalFlops(products);
  const rate = (ms: number): Rate => ({ ms, gflops_per_second: flops / ms / 1e6 });
  const productMs = withCall.map(({ medianMs }) => Math.max(medianMs - empty!.medianMs, CLOCK_MS));
  const bareMs = products.reduce((sum, { count }, i) => sum + count * productMs[i]!, 0);
  return {
    shape,
    device: device.description,
    threads,
    gflop: flops / 1e9,
    step: rate(step!.medianMs),
    step_without_dropout: rate(withoutDropout!.medianMs),
    bare: rate(bareMs),
    ratio: bareMs / step!.medianMs,
    ratio_without_dropout: bareMs / withoutDropout!.medianMs,
    products: products.map((product, i) => ({
      a: product.a, b: product.b, transpose: [product.transposeA, product.transposeB], count: product.count,
      ms: productMs[i]!, gflops_per_second: productFlops(product) / productMs[i]! / 1e6,
    })),
    peak_memory_mib: peak,
    load_average: os.loadavg(),
    repeats,
  };
}

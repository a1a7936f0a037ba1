/** Whether an exported model computes what the framework does: visits of made-up numbers, in several shapes, through both. */
import { numericError } from '../../src/core/errors.js';
import { createRng, type Rng } from '../../src/core/rng.js';
import type { NamedTensor } from '../../src/encoders/visit-batch.js';
import { sizeOf, type Device } from '../../src/engine/index.js';
import { runOnce, type PlainTensor } from '../../src/engine/dynamic/index.js';
import { createForward } from '../../src/training/forward.js';
import { predictor } from './graph.js';
import { EXPLAIN, type ExportedInput } from './inputs.js';
import type { StatedRun } from '../stated-run.js';

/** Largest difference of a probability that is put down to another order of sums. */
export const TOLERANCE = 1e-5;

/** Extents that no trace had: several of everything, and one. */
const SHAPES: readonly Shape[] = [{ batch: 3, chunks: 2, tokens: 19, dx_codes: 5, rx_codes: 4, px_codes: 3, labels: 2 }, {}];

/** Axis → extent, 1 by default. */
export type Shape = Readonly<Record<string, number>>;

export interface SelfCheck {
  /** The model, on disk. */
  file: string;
  inputs: readonly ExportedInput[];
  attention: boolean;
  device: Device;
  shapes?: readonly Shape[];
}

type Checked = Pick<StatedRun, 'dir' | 'task' | 'model' | 'modelConfig' | 'parameters' | 'vocabulary' | 'tokenizer'>;

/** @returns the largest absolute difference of any output @throws numeric error when it is above {@link TOLERANCE} */
export async function checkAgainstFramework(run: Checked, { file, inputs, attention, device, shapes = SHAPES }: SelfCheck): Promise<number> {
  const fn = predictor(run, attention);
  const forward = createForward<never>({ name: 'check of the exported model', device, parameters: [run.parameters], fn: (_, tensors) => fn(tensors) });
  try {
    let largest = 0;
    for (const [i, extents] of shapes.entries()) {
      const batch = inputs.map((input) => madeUp(input, { extents, run, rng: createRng(i, 'self-check', input.name) }));
      const expected = await forward.run(batch);
      const outputs = await runOnce(file, feedsOf(batch));
      for (const [name, values] of Object.entries(expected)) largest = Math.max(largest, largestDifference(values, outputs[name]!.data as Float32Array));
    }
    if (!(largest <= TOLERANCE)) throw numericError(`${run.dir}: the exported model differs from the framework by up to ${largest}, expected at most ${TOLERANCE}; please report it`);
    return largest;
  } finally {
    forward.dispose();
  }
}

interface MadeUpOptions {
  extents: Shape;
  run: Checked;
  rng: Rng;
}

/** Random ids; masks that end somewhere; all there, but for the last visit of several. */
function madeUp({ name, dtype, axes, shape: declared }: ExportedInput, { extents, run: { vocabulary, tokenizer, modelConfig: { text }, task }, rng }: MadeUpOptions): NamedTensor {
  const longest = Math.min(text.window, text.max_tokens);
  const shape = axes.map((axis, i) => (typeof declared[i] === 'number' ? declared[i] : Math.min(extents[axis] ?? 1, axis === 'tokens' ? longest : Infinity)));
  const [what, field] = name.split('.') as [string, string | undefined];
  const [size, width] = [sizeOf(shape), shape.at(-1)!];
  const drawn = (bound: number): Int32Array => Int32Array.from({ length: size }, () => rng.integer(bound));
  const tensor = (data: NamedTensor['data']): NamedTensor => ({ name, shape, dtype, data });
  if (name === EXPLAIN) return tensor(drawn(task.labels.length));
  if (what === 'past') return tensor(Float32Array.from({ length: size }, (_, i) => (Math.floor(i / width) === width - 1 && i % width < width - 1 ? 1 / (width - 1) : 0)));
  if (field === 'ids') return tensor(drawn(what === 'text' ? tokenizer.size : vocabulary.kinds[what as 'dx'].length + 4));
  if (field === 'present') return tensor(Uint8Array.from({ length: size }, (_, b) => Number(size === 1 || b < size - 1)));
  const ends = Array.from({ length: size / width }, () => 1 + rng.integer(width));
  return tensor(Uint8Array.from({ length: size }, (_, i) => Number(i % width < ends[Math.floor(i / width)]!)));
}

const feedsOf = (batch: readonly NamedTensor[]): Record<string, PlainTensor> => Object.fromEntries(batch.map(({ name, dtype, shape, data }) => [name, { type: dtype, dims: shape, data }]));

/** NaN where either is. */
function largestDifference(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length) return NaN;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(expected[i]! - actual[i]!);
    if (Number.isNaN(difference)) return NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** One epoch as the training loop runs it: each step while the next batch is read. */
import type { PretrainStage } from '../../pretrain/stage.js';
import type { BatchPlan } from '../dataset/index.js';
import { forgetPeakMemory, peakMemoryMiB } from './machine.js';
import { timed } from './measure.js';
import { LEARNING_RATE } from './visit-step.js';

export interface EpochTiming {
  /** Of the whole epoch. */
  seconds: number;
  /** Processor time of this process, all threads. */
  processor_seconds: number;
  /** Steps that were run, of so many in the epoch. */
  steps: number;
  steps_of: number;
  /** Whether `seconds` follows from fewer steps than the epoch has, by the tokens in them. */
  extrapolated: boolean;
  others_cores: number;
  /** During this epoch. */
  peak_memory_mib: number;
}

export interface RunEpochOptions {
  epoch: number;
  /** All of them by default. */
  steps?: number;
  signal: AbortSignal;
}

export async function runEpoch({ batchOf, trainer }: PretrainStage, plans: readonly BatchPlan[], { epoch, steps = Infinity, signal }: RunEpochOptions): Promise<EpochTiming> {
  const chosen = plans.slice(0, steps);
  const load = (i: number) => (i < chosen.length ? batchOf(epoch, chosen[i]!) : undefined);
  forgetPeakMemory();
  const { ms, processorMs, othersCores } = await timed(async () => {
    let next = await load(0);
    for (let i = 0; next; i++) {
      signal.throwIfAborted();
      [, next] = await Promise.all([trainer.step(epoch * plans.length + i + 1, [next], LEARNING_RATE), load(i + 1)]);
    }
  });
  const whole = tokensIn(plans) / tokensIn(chosen);
  return {
    seconds: (ms / 1e3) * whole,
    processor_seconds: (processorMs / 1e3) * whole,
    steps: chosen.length,
    steps_of: plans.length,
    extrapolated: chosen.length < plans.length,
    others_cores: othersCores,
    peak_memory_mib: peakMemoryMiB(),
  };
}

/** Padding included: it costs as much. */
export const tokensIn = (plans: readonly BatchPlan[]): number => plans.reduce((sum, { rows, text: { chunks, width } }) => sum + rows.length * chunks * width, 0);

/** A step over an empty batch of every shape, so that all programs are compiled. */
export async function warmUp({ batchOf, trainer }: PretrainStage, plans: readonly BatchPlan[], signal: AbortSignal): Promise<void> {
  const shapes = new Map(plans.map((plan) => [`${plan.text.chunks} ${plan.text.width}`, plan]));
  for (const plan of shapes.values()) {
    signal.throwIfAborted();
    await trainer.step(1, [await batchOf('dev', { ...plan, rows: plan.rows.map(() => -1) })], LEARNING_RATE);
  }
}

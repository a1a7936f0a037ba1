/** What training tells of itself while it goes on. Where that is kept or sent is the business of src/tracking. */
import type { HistoryEntry } from './loop.js';

/** Figures of a step, taken at a time. */
export interface MetricPoint {
  /** Updates done. */
  step: number;
  /** Milliseconds since 1970. */
  time: number;
  /** Points of an evaluation have `epoch` among them: how many epochs were done. */
  values: Record<string, number>;
}

export interface TrackedRun {
  command: string;
  /** Where the run is being made; it is complete in `out`. */
  directory: string;
  out: string;
  /** The resolved configuration. */
  config: unknown;
  seed?: number;
  /** Directories that the run reads. */
  inputs: readonly string[];
  /** What was done already, where an interrupted run is continued: whatever was recorded beyond will be recorded again. */
  resumed?: { step: number; epoch: number };
  /** Of a run that is over already, in milliseconds since 1970. */
  startedAt?: number;
  endedAt?: number;
}

export type RunStatus = 'finished' | 'failed' | 'killed';

export interface Tracker {
  /** Steps between the points of training. */
  readonly every: number;
  /** Before anything is trained. @throws configuration error when what was asked for cannot be used */
  start(run: TrackedRun): Promise<void>;
  /** Neither waits nor throws. */
  metrics(point: MetricPoint): void;
  /** @param directory where the run lies now @returns what could not be recorded, and what to do about it; never throws */
  finish(status: RunStatus, directory: string): Promise<readonly string[]>;
}

/** Work that a tracker is told of from its beginning, and of its failure; how it ended otherwise is for the caller to tell. */
export async function trackedFromStart<Result>(tracker: Tracker | undefined, run: TrackedRun, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  await tracker?.start(run);
  return work().catch(async (error: unknown) => {
    await tracker?.finish(signal.aborted ? 'killed' : 'failed', run.directory);
    throw error;
  });
}

export interface StepFigures {
  scalars: Record<string, number>;
  gradientNorm: number;
  learningRate: number;
}

/** Tells a tracker of steps and evaluations. */
export interface Reporter {
  step(step: number, figures: StepFigures): void;
  evaluation(entry: HistoryEntry): void;
}

/** The first step is a point, and every `every`-th; without a tracker nothing happens. */
export function createReporter(tracker: Tracker | undefined): Reporter {
  if (!tracker) return { step: () => {}, evaluation: () => {} };
  let since: { time: number; step: number } | undefined;
  const speed = (step: number, time: number): Record<string, number> => (since && time > since.time ? { steps_per_second: (1000 * (step - since.step)) / (time - since.time) } : {});
  return {
    step(step, { scalars, gradientNorm, learningRate }) {
      if (step !== 1 && step % tracker.every !== 0) return;
      const time = Date.now();
      const losses = Object.entries(scalars).map(([name, value]) => [`step_${name}`, value]);
      tracker.metrics({ step, time, values: { ...Object.fromEntries(losses), gradient_norm: gradientNorm, learning_rate: learningRate, ...speed(step, time) } });
      since = { time, step };
    },
    evaluation({ step, epoch, metrics }) {
      const time = Date.now();
      tracker.metrics({ step, time, values: { epoch, ...metrics } });
      // The time that the evaluation took is not the steps'.
      since = { time, step };
    },
  };
}

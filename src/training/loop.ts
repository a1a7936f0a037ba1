/** The training loop: epochs of batches, evaluation on dev, early stopping, checkpoints from which a run continues exactly. */
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { inGroups } from '../core/in-groups.js';
import type { Logger } from '../core/log.js';
import { createProgress } from '../core/progress.js';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.js';
import { learningRateAt, type OptimizerConfig } from './optimizer.js';
import type { Batch } from './program-cache.js';
import { createReporter, type Tracker } from './tracker.js';
import type { Trainer } from './trainer.js';

/** Batches, epochs and early stopping. */
export const trainingSchema = z.strictObject({
  /** Visits in a micro-batch. */
  batch_size: z.int().positive().default(32),
  /** Micro-batches whose gradients are averaged before an update. */
  accumulate: z.int().positive().default(1),
  /** Passes over the training visits, at most; each ends with an evaluation on dev. */
  epochs: z.int().positive().default(10),
  /** Further epochs follow until this many updates are made: small shares of the data are then trained as long as large ones. */
  min_steps: z.int().min(0).default(0),
  /** Stop after this many evaluations without improvement on dev; 0: never. */
  patience: z.int().min(0).default(0),
  /** Steps between checkpoints; one is also written after every evaluation. */
  checkpoint_every: z.int().positive().default(200),
});
export type TrainingConfig = z.output<typeof trainingSchema>;

/** One line of `history.jsonl`. */
export interface HistoryEntry {
  step: number;
  epoch: number;
  seconds: number;
  learning_rate: number;
  /** `train_…`: means since the last entry; the rest from dev. */
  metrics: Record<string, number>;
}

export interface Evaluation {
  /** Higher is better; decides early stopping and which weights are kept. */
  score: number;
  metrics: Record<string, number>;
}

/** A micro-batch that is not read yet. */
export interface PlannedBatch {
  load(): Batch | Promise<Batch>;
}

export interface LoopOptions {
  name: string;
  trainer: Trainer;
  training: TrainingConfig;
  optimizer: OptimizerConfig;
  /** The micro-batches of an epoch, in order; a pure function of the epoch. */
  planEpoch: (epoch: number) => PlannedBatch[];
  evaluate: () => Promise<Evaluation>;
  /** Where checkpoints lie while the run is unfinished. */
  directory: string;
  signal: AbortSignal;
  /** Told of steps and evaluations. */
  tracker?: Tracker;
  log: Logger;
}

export interface LoopResult {
  finished: boolean;
  step: number;
  history: HistoryEntry[];
  best: { step: number; score: number };
}

interface LoopState {
  /** Updates done. */
  step: number;
  epoch: number;
  /** Updates done in this epoch. */
  stepInEpoch: number;
  best: { step: number; score: number };
  withoutImprovement: number;
  /** Sums of training scalars since the last evaluation. */
  sums: Record<string, number>;
  summed: number;
  seconds: number;
  history: HistoryEntry[];
}

/** Runs (or continues) training. At the end `trainer.parameters` hold the best weights on dev. */
export async function runLoop(options: LoopOptions): Promise<LoopResult> {
  const { trainer, training, directory, signal, log } = options;
  const best = new Float32Array(trainer.parameters.length);
  const state = restore(options, best);
  const stepsInFirst = Math.ceil(options.planEpoch(0).length / training.accumulate);
  const epochs = Math.max(training.epochs, Math.ceil(training.min_steps / stepsInFirst));
  const total = stepsInFirst * epochs;
  const reporter = createReporter(options.tracker);
  const progress = createProgress({ label: options.name, total, unit: 'steps', log });
  const clock = { start: performance.now() - state.seconds * 1000 };
  const save = (): void => {
    state.seconds = (performance.now() - clock.start) / 1000;
    saveCheckpoint(directory, trainer, state.best.step >= 0 ? best : undefined, state);
  };

  const stopped = (): boolean => training.patience > 0 && state.withoutImprovement >= training.patience;
  while (state.epoch < epochs && !stopped()) {
    const groups = inGroups(options.planEpoch(state.epoch), training.accumulate);
    const loadGroup = (index: number): Promise<Batch[]> | undefined => groups[index] && Promise.all(groups[index].map(({ load }) => load()));
    let next = await loadGroup(state.stepInEpoch);
    while (next) {
      const rate = learningRateAt(state.step + 1, total, options.optimizer);
      const [{ scalars, gradientNorm }, following] = await Promise.all([trainer.step(state.step + 1, next, rate), onceBegun().then(() => loadGroup(state.stepInEpoch + 1))]);
      next = following;
      record(state, scalars);
      reporter.step(state.step, { scalars, gradientNorm, learningRate: rate });
      progress.update(state.step, `loss ${scalars['loss']!.toFixed(4)}`);
      if (signal.aborted) {
        save();
        progress.finish('interrupted');
        return { finished: false, step: state.step, history: state.history, best: state.best };
      }
      if (next && state.step % training.checkpoint_every === 0) save();
    }
    const evaluation = await options.evaluate();
    state.epoch++;
    state.stepInEpoch = 0;
    conclude(state, evaluation, learningRateAt(state.step, total, options.optimizer), (performance.now() - clock.start) / 1000);
    if (state.best.step === state.step) best.set(trainer.parameters);
    reporter.evaluation(state.history.at(-1)!);
    log.info(describe(options.name, state));
    save();
  }
  if (state.best.step >= 0) trainer.parameters.set(best);
  progress.finish(`best ${state.best.score.toFixed(4)} at step ${state.best.step}`);
  return { finished: true, step: state.step, history: state.history, best: state.best };
}

/** Resolves when the step just called has handed its program to the runtime's threads: reading the next batch before would delay it. */
const onceBegun = (): Promise<void> => setImmediate();

function restore({ directory, trainer, log, name }: LoopOptions, best: Float32Array): LoopState {
  const found = restoreCheckpoint<LoopState>(directory, trainer, best);
  if (found) log.info(`${name}: continuing from step ${found.state.step}`);
  return found?.state ?? {
    step: 0,
    epoch: 0,
    stepInEpoch: 0,
    best: { step: -1, score: -Number.MAX_VALUE },
    withoutImprovement: 0,
    sums: {},
    summed: 0,
    seconds: 0,
    history: [],
  };
}

function record(state: LoopState, scalars: Record<string, number>): void {
  state.step++;
  state.stepInEpoch++;
  state.summed++;
  for (const [name, value] of Object.entries(scalars)) state.sums[name] = (state.sums[name] ?? 0) + value;
}

function conclude(state: LoopState, { score, metrics }: Evaluation, learningRate: number, seconds: number): void {
  const train = Object.entries(state.sums).map(([name, sum]) => [`train_${name}`, sum / state.summed]);
  state.history.push({ step: state.step, epoch: state.epoch, seconds, learning_rate: learningRate, metrics: { ...Object.fromEntries(train), ...metrics } });
  state.sums = {};
  state.summed = 0;
  const improved = score > state.best.score;
  if (improved) state.best = { step: state.step, score };
  state.withoutImprovement = improved ? 0 : state.withoutImprovement + 1;
}

function describe(name: string, { history, withoutImprovement }: LoopState): string {
  const { epoch, metrics } = history.at(-1)!;
  const shown = Object.entries(metrics).map(([key, value]) => `${key} ${value.toFixed(4)}`);
  return `${name}: epoch ${epoch}: ${shown.join(', ')}${withoutImprovement ? ` (no improvement for ${withoutImprovement})` : ''}`;
}

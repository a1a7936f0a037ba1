/** A stage of training as a command: a data set (and a start) → a run directory, made once, resumable. */
import type { Manifest } from '../core/artifact.js';
import type { Logger } from '../core/log.js';
import { resumableArtifact, type Progressed } from '../core/resumable.js';
import { openDataset, type Dataset } from '../dataset/index.js';
import { dropCheckpoints, isCheckpoint, newestState } from './checkpoint.js';
import type { HistoryEntry } from './loop.js';
import { lineage, writeRunFiles, type RunFiles } from './run-files.js';
import { assertDataFits, type Start } from './start.js';
import { trackedFromStart, type TrackedRun, type Tracker } from './tracker.js';

/** What every stage is asked. */
export interface StageRequest {
  data: string;
  out: string;
  seed: number;
  device: string;
  resume: boolean;
  force: boolean;
  signal: AbortSignal;
  /** Told of the run while it trains; without it only the history is kept. */
  tracker?: Tracker;
  log: Logger;
}

export interface StageOutcome {
  finished: boolean;
  history: HistoryEntry[];
  best?: { step: number; score: number };
}

/** `done` is false where the same run was there already. */
export type StageResult<Outcome extends StageOutcome = StageOutcome> = Outcome & { done: boolean };

export interface StageRun<Outcome> {
  command: string;
  start: Start;
  /** What makes two requests the same run. */
  config: RunFiles['config'];
  /** Written to config.yaml; by default `config`. */
  saved?: RunFiles['config'];
  /** What the manifest says of the outcome, beside lineage and best step. */
  describe?: (outcome: Outcome) => Partial<Manifest>;
}

/** @param train trains in the directory given, and writes the run's weights there when it finishes */
export async function runStage<Outcome extends StageOutcome>(
  { data, out, seed, resume, force, signal, tracker }: StageRequest,
  { command, start, config, saved = config, describe }: StageRun<Outcome>,
  train: (dataset: Dataset, dir: string) => Promise<Outcome>,
): Promise<StageResult<Outcome>> {
  let outcome = { finished: true, history: [] as HistoryEntry[] } as Outcome;
  const inputs = [data, ...start.inputs];
  const work = async (dir: string): Promise<Progressed> => {
    const dataset = await openDataset(data);
    assertDataFits(start, dataset);
    outcome = await train(dataset, dir);
    if (outcome.finished) writeRunFiles(dir, { config: saved, data, history: outcome.history });
    return { finished: outcome.finished, manifest: { ...lineage(dataset), ...describe?.(outcome), best: outcome.best } };
  };
  const { done } = await resumableArtifact({ command, out, config, inputs, seed, resume, force, isProgress: isCheckpoint }, async (dir) => {
    const run = { command, directory: dir, out, config, seed, inputs, resumed: newestState<TrackedRun['resumed']>(dir) };
    const progressed = await trackedFromStart(tracker, run, signal, () => work(dir));
    if (!progressed.finished) await tracker?.finish('killed', dir);
    return progressed;
  });
  if (done && outcome.finished) {
    dropCheckpoints(out);
    await tracker?.finish('finished', out);
  }
  return { done, ...outcome };
}

/** A run that is over, told to trackers: for the first time, or what of it had not arrived. */
import type { Tracker } from '../training/tracker.js';
import { fanOut } from './fan-out.js';
import { openFinishedRun } from './finished-run.js';
import { openOutsideTrackers, type TrackingContext, type TrackingRequest } from './open-tracker.js';
import type { TrackingConfig } from './config.js';

export interface TrackedAfterwards {
  /** Where it was told to; 0: nothing was asked for. */
  trackers: number;
  points: number;
  problems: readonly string[];
}

/** @throws data error when `directory` is no run; configuration error when a tracker cannot be used */
export async function trackRun(directory: string, request: TrackingRequest, config: TrackingConfig, context: TrackingContext): Promise<TrackedAfterwards> {
  const { run, points, isFinished } = openFinishedRun(directory);
  const trackers: Tracker[] = openOutsideTrackers(request, config, context);
  const all = fanOut(trackers, { every: config.every, log: context.log });
  await all.start(run);
  for (const point of points) all.metrics(point);
  const problems = await all.finish(isFinished ? 'finished' : 'killed', directory);
  return { trackers: trackers.length, points: points.length, problems };
}

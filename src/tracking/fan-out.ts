/** Several trackers as one. One that fails in mid-training is left behind with a warning; training and the others go on. */
import type { Logger } from '../core/log.js';
import type { Tracker } from '../training/tracker.js';

/** @param trackers told in this order, but started from the last on: what cannot be used shows at servers first */
export function fanOut(trackers: readonly Tracker[], { every, log }: { every: number; log: Logger }): Tracker {
  const failed = new Set<Tracker>();
  const leaveBehind = (tracker: Tracker, error: unknown): string => {
    failed.add(tracker);
    const problem = `tracking: ${(error as Error).message}; training goes on without it`;
    log.warn(problem);
    return problem;
  };
  return {
    every,
    async start(run) {
      const started: Tracker[] = [];
      for (const tracker of trackers.toReversed()) {
        try {
          await tracker.start(run);
          started.push(tracker);
        } catch (error) {
          for (const one of started) await one.finish('failed', run.directory);
          throw error;
        }
      }
    },
    metrics(point) {
      for (const tracker of trackers) {
        if (failed.has(tracker)) continue;
        try {
          tracker.metrics(point);
        } catch (error) {
          leaveBehind(tracker, error);
        }
      }
    },
    async finish(status, directory) {
      const problems: string[] = [];
      for (const tracker of trackers) {
        if (failed.has(tracker)) continue;
        problems.push(...(await tracker.finish(status, directory).catch((error: unknown) => [leaveBehind(tracker, error)])));
      }
      return problems;
    },
  };
}

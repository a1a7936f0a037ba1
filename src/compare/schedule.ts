/** Runs jobs some at a time, each after those it needs; one that fails takes along only those that need it. */

export interface Scheduled {
  name: string;
  needs: readonly string[];
}

export interface Failure {
  name: string;
  reason: string;
}

export interface ScheduleOptions<J extends Scheduled> {
  /** At most this many at a time. */
  parallel: number;
  /** No further job begins; those that run are waited for. */
  signal: AbortSignal;
  run: (job: J) => Promise<void>;
  /** After each job that succeeded, failed, or cannot begin. */
  onSettled: (job: J, failure?: Failure) => void;
}

/** @param jobs in order of preference; a need that is not among them counts as met */
export async function schedule<J extends Scheduled>(jobs: readonly J[], { parallel, signal, run, onSettled }: ScheduleOptions<J>): Promise<void> {
  const waiting = [...jobs];
  const unmet = new Set(jobs.map(({ name }) => name));
  const failed = new Set<string>();
  const running = new Set<Promise<void>>();
  const settle = (job: J, failure?: Failure): void => {
    if (failure) failed.add(job.name);
    else unmet.delete(job.name);
    onSettled(job, failure);
  };
  const begin = (job: J): void => {
    const ended = run(job)
      .then(() => settle(job), (error: unknown) => { if (!signal.aborted) settle(job, { name: job.name, reason: error instanceof Error ? error.message : String(error) }); })
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  for (;;) {
    for (;;) {
      const job = takeFirst(waiting, ({ needs }) => needs.some((need) => failed.has(need)));
      if (!job) break;
      settle(job, { name: job.name, reason: `needs ${job.needs.find((need) => failed.has(need))}, which failed` });
    }
    while (running.size < parallel && !signal.aborted) {
      const job = takeFirst(waiting, ({ needs }) => !needs.some((need) => unmet.has(need)));
      if (!job) break;
      begin(job);
    }
    if (!running.size) return;
    await Promise.race(running);
  }
}

function takeFirst<J>(waiting: J[], fits: (job: J) => boolean): J | undefined {
  const at = waiting.findIndex(fits);
  return at < 0 ? undefined : waiting.splice(at, 1)[0];
}

/** Does what is left of a plan: finished jobs are skipped, begun ones go on, work of another request is made again. */
import type { Logger } from '../core/log.js';
import { createProgress } from '../core/progress.js';
import { disposeOf, logOf, openJob, stateOf, type Job } from './job.js';
import type { Plan } from './plan.js';
import type { FailedJob } from './results.js';
import { schedule } from './schedule.js';
import type { Workers } from './workers.js';

export interface RunJobsOptions {
  workers: Workers;
  parallel: number;
  signal: AbortSignal;
  log: Logger;
}

/** Jobs that are not done and lead to a cell, or are one, that is not done. */
export function unfinished({ jobs, cells }: Plan): Job[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const wanted = new Set<Job>();
  const want = (job: Job): void => {
    if (wanted.has(job) || stateOf(job) === 'done') return;
    wanted.add(job);
    for (const need of job.needs) want(byName.get(need)!);
  };
  for (const { job } of cells) want(job);
  return jobs.filter((job) => wanted.has(job));
}

/** @returns the jobs that failed, or could not begin because another one had */
export async function runJobs(plan: Plan, { workers, parallel, signal, log }: RunJobsOptions): Promise<FailedJob[]> {
  const left = unfinished(plan);
  if (!left.length) return [];
  announce(plan, left, log);
  const failed: FailedJob[] = [];
  const progress = createProgress({ label: 'compare', total: left.length, unit: 'jobs', log });
  let settled = 0;
  const stop = (): void => workers.interrupt();
  signal.addEventListener('abort', stop);
  try {
    await schedule(left, {
      parallel, signal,
      run: async (job) => {
        openJob(job);
        await workers.run({ commands: job.commands, log: logOf(job) });
        disposeOf(job);
      },
      onSettled: (job, failure) => {
        if (failure) failed.push({ ...failure, log: logOf(job) });
        if (failure) log.error(`${failure.name}: ${failure.reason}; its log: ${logOf(job)}`);
        progress.update(++settled, job.name);
      },
    });
  } finally {
    signal.removeEventListener('abort', stop);
    progress.finish();
  }
  return failed;
}

function announce({ cells, jobs }: Plan, left: readonly Job[], log: Logger): void {
  const cellsLeft = cells.filter(({ job }) => left.includes(job)).length;
  const others = left.length - cellsLeft;
  const stale = left.filter((job) => stateOf(job) === 'stale').map(({ name }) => name);
  log.info(`compare: ${cellsLeft} of ${cells.length} cells to do${others ? `, after ${others} of ${jobs.length - cells.length} data sets and pre-trainings` : ''}`);
  if (stale.length) log.warn(`made again, because the grid, the configuration, the data or the version has changed since: ${stale.slice(0, 5).join('; ')}${stale.length > 5 ? `; and ${stale.length - 5} more` : ''}`);
}

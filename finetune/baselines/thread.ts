/** The program of a thread: one job after another, each a message in and a message out. */
import { parentPort } from 'node:worker_threads';
import { jobs, type JobInput, type JobName } from './jobs.js';

export interface JobMessage {
  name: JobName;
  input: JobInput<JobName>;
}

export type JobAnswer = { output: unknown } | { error: unknown };

parentPort?.on('message', ({ name, input }: JobMessage) => {
  parentPort!.postMessage(answerTo(name, input));
});

function answerTo(name: JobName, input: unknown): JobAnswer {
  try {
    return { output: (jobs[name] as (request: unknown) => unknown)(input) };
  } catch (error) {
    return { error };
  }
}

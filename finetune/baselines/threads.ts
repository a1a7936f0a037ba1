/** A pool of threads for jobs that do not depend on each other; with one thread, the same jobs in this one. Results never depend on how many there are. */
import { Worker } from 'node:worker_threads';
import { jobs, type JobInput, type JobName, type JobOutput } from './jobs.js';
import type { JobAnswer } from './thread.js';

export interface Threads {
  count: number;
  /** @returns the outputs in the order of the inputs */
  all<Name extends JobName>(name: Name, inputs: readonly JobInput<Name>[], onDone?: (done: number) => void): Promise<JobOutput<Name>[]>;
  /** Takes inputs as threads become free, and hands on each output in the order of the inputs: few of either are in memory. */
  inOrder<Name extends JobName>(name: Name, inputs: AsyncIterable<JobInput<Name>>, use: (output: JobOutput<Name>) => void): Promise<void>;
  close(): Promise<void>;
}

type Ask = <Name extends JobName>(name: Name, input: JobInput<Name>) => Promise<JobOutput<Name>>;

/** @param signal no further job begins once it is aborted, and the threads end */
export function openThreads(count: number, signal: AbortSignal): Threads {
  const workers = count > 1 ? Array.from({ length: count }, () => new Worker(new URL('./thread.js', import.meta.url))) : [];
  const stop = (): void => void Promise.all(workers.map((worker) => worker.terminate()));
  signal.addEventListener('abort', stop);
  const asks = workers.length ? workers.map(askWorker) : [askHere];
  const guarded = asks.map((ask): Ask => (name, input) => (signal.throwIfAborted(), ask(name, input)));
  return {
    count,
    all: (name, inputs, onDone) => runAll(guarded, name, { inputs, onDone }),
    inOrder: (name, inputs, use) => runInOrder(guarded, name, { inputs, use }),
    async close() {
      signal.removeEventListener('abort', stop);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The same, for a thread that is free. */
const askHere: Ask = async (name, input) => (jobs[name] as unknown as (request: typeof input) => JobOutput<typeof name>)(input);

const askWorker = (worker: Worker): Ask => (name, input) =>
  new Promise((resolve, reject) => {
    const onExit = (code: number): void => reject(new Error(`a thread ended with code ${code}`));
    const done = (): unknown => worker.off('exit', onExit).off('error', reject);
    worker.once('exit', onExit).once('error', reject);
    worker.once('message', (answer: JobAnswer) => {
      done();
      if ('error' in answer) reject(answer.error as Error);
      else resolve(answer.output as JobOutput<typeof name>);
    });
    worker.postMessage({ name, input });
  });

async function runAll<Name extends JobName>(asks: readonly Ask[], name: Name, { inputs, onDone }: { inputs: readonly JobInput<Name>[]; onDone?: (done: number) => void }): Promise<JobOutput<Name>[]> {
  const outputs = new Array<JobOutput<Name>>(inputs.length);
  let [next, done] = [0, 0];
  const work = async (ask: Ask): Promise<void> => {
    while (next < inputs.length) {
      const at = next++;
      outputs[at] = await ask(name, inputs[at]!);
      onDone?.(++done);
    }
  };
  await Promise.all(asks.map(work));
  return outputs;
}

async function runInOrder<Name extends JobName>(asks: readonly Ask[], name: Name, { inputs, use }: { inputs: AsyncIterable<JobInput<Name>>; use: (output: JobOutput<Name>) => void }): Promise<void> {
  const free = [...asks];
  const pending: Promise<{ output: JobOutput<Name>; ask: Ask }>[] = [];
  const takeFirst = async (): Promise<void> => {
    const { output, ask } = await pending.shift()!;
    free.push(ask);
    use(output);
  };
  for await (const input of inputs) {
    if (!free.length) await takeFirst();
    const ask = free.pop()!;
    const job = ask(name, input).then((output) => ({ output, ask }));
    job.catch(() => undefined); // it is awaited in its turn
    pending.push(job);
  }
  while (pending.length) await takeFirst();
}

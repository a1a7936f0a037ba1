/** A pool of child processes, each of which runs the command lines of one job after another. */
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';

/** What a worker is sent. */
export interface WorkerRequest {
  commands: readonly (readonly string[])[];
  /** File to which it appends what it logs. */
  log: string;
}

/** What it answers. */
export type WorkerAnswer = { done: true } | { error: string };

export interface Workers {
  /** At most as many at a time as there are workers. @throws what the commands threw, or how the process ended */
  run(request: WorkerRequest): Promise<void>;
  /** Asks the running jobs to save what they have and stop. */
  interrupt(): void;
  /** Idle workers end. */
  close(): Promise<void>;
}

export interface WorkersOptions {
  /** The compiled program that every worker runs. */
  program: string;
  count: number;
  /** File for what a process prints by itself, such as a native crash. */
  output: string;
  environment?: NodeJS.ProcessEnv;
}

/** Importing and warming up take a second, so a worker serves many jobs; one that dies is replaced. */
export function openWorkers(options: WorkersOptions): Workers {
  const idle: ChildProcess[] = [];
  const busy = new Set<ChildProcess>();
  return {
    async run(request) {
      if (busy.size >= options.count) throw new Error(`all ${options.count} workers are busy`);
      const child = idle.pop() ?? start(options);
      busy.add(child);
      try {
        const answer = await ask(child, request, options.output);
        if ('error' in answer) throw new Error(answer.error);
      } finally {
        busy.delete(child);
        if (child.connected) idle.push(child);
      }
    },
    interrupt() {
      for (const child of busy) child.kill('SIGTERM');
    },
    async close() {
      await Promise.all([...idle, ...busy].map(ended));
    },
  };
}

function start({ program, output, environment }: WorkersOptions): ChildProcess {
  const file = fs.openSync(output, 'a');
  try {
    return fork(program, { stdio: ['ignore', file, file, 'ipc'], env: { ...process.env, ...environment } });
  } finally {
    fs.closeSync(file);
  }
}

function ask(child: ChildProcess, request: WorkerRequest, output: string): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => reject(new Error(`its process ended with ${signal ?? `code ${code}`} (what it printed: ${output})`));
    child.once('exit', onExit);
    child.once('error', reject);
    child.once('message', (answer) => {
      child.off('exit', onExit).off('error', reject);
      resolve(answer as WorkerAnswer);
    });
    child.send(request);
  });
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    if (child.connected) child.disconnect();
  });

/** Measurements in a process of their own, so that its time and memory are theirs alone: the side that asks and the side that answers. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Answer<Result> = { result: Result } | { error: string };

/** @param program module that calls {@link answerFromOwnProcess} @throws what the measurement threw; the signal's reason before it begins */
export async function inOwnProcess<Request extends object, Result>(program: URL, request: Request, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(program), { serialization: 'advanced' });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  try {
    const answer = await new Promise<Answer<Result>>((resolve, reject) => {
      child.on('message', (message) => resolve(message as Answer<Result>));
      child.on('error', reject);
      child.on('exit', (code, killedBy) => reject(new Error(`the process that measures ended with ${killedBy ?? code}`)));
      child.send(request);
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Answers the one message that the process is handed, and lets it end. */
export function answerFromOwnProcess<Request, Result>(measure: (request: Request, signal: AbortSignal) => Promise<Result>): void {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  process.once('message', (request: Request) => {
    const answer = (message: Answer<Result>): void => void process.send!(message, () => process.disconnect());
    measure(request, stop.signal).then(
      (result) => answer({ result }),
      (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

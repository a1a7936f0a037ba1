/** The program of a worker of `medweave compare`: runs the command lines it is sent, one job after another, each with a log of its own. */
import { messageOf, stackOf } from '../../core/error-text.js';
import type { WorkerAnswer, WorkerRequest } from '../../compare/workers.js';
import { openFileLogger } from '../../core/log.js';
import { commandLine } from '../demo/steps.js';
import { execute } from '../execute.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// Whoever started us is gone: save and end.
process.once('disconnect', () => stop.abort());
process.on('message', (request: WorkerRequest) => void work(request).then((answer) => process.connected && process.send!(answer)));

async function work({ commands, log: file }: WorkerRequest): Promise<WorkerAnswer> {
  const { log, close } = openFileLogger(file);
  try {
    for (const argv of commands) {
      stop.signal.throwIfAborted();
      log.info(commandLine(argv));
      await execute(argv, { signal: stop.signal, log });
    }
    return { done: true };
  } catch (error) {
    log.error(error instanceof Error ? stackOf(error) : messageOf(error));
    return { error: messageOf(error) };
  } finally {
    close();
  }
}

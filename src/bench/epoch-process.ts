/** The program of a process that measures epochs by itself, so that its memory is theirs alone; `scaling.ts` starts it and hands it one message. */
import { createLogger } from '../core/log.js';
import { benchEpoch, type EpochBench, type EpochOptions } from './epoch.js';

/** What goes in, and what comes out. */
export type EpochRequest = Omit<EpochOptions, 'log' | 'signal'>;
export type EpochAnswer = { result: EpochBench } | { error: string };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

process.once('message', (request: EpochRequest) => {
  const answer = (message: EpochAnswer): void => void process.send!(message, () => process.disconnect());
  benchEpoch({ ...request, log: createLogger({ level: 'warn' }), signal: stop.signal }).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});

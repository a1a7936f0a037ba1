/** How many threads programs use. */
import os from 'node:os';
import { configurationError } from '../../core/errors.js';

/** MEDWEAVE_THREADS, else all cores this process may use. */
export function threadCount(environment: NodeJS.ProcessEnv = process.env): number {
  const text = environment.MEDWEAVE_THREADS;
  if (text === undefined || text === '') return os.availableParallelism();
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw configurationError(`MEDWEAVE_THREADS=${text}: expected a whole number of threads, at least 1`);
  return count;
}

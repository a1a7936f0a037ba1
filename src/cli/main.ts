/** The command line: runs one command, prints its result, turns errors into one line and an exit code. */
import { messageOf, stackOf } from '../core/error-text.js';
import { exitCodeOf, MedweaveError } from '../core/errors.js';
import { execute } from './execute.js';
import { Interrupted } from './interrupted.js';

/** @returns the exit code: 0 done, 2 wrong input, 1 anything else */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt);
  // It stays: what was printed may still be on its way when the command is over.
  if (!process.stdout.listeners('error').includes(ignoreClosedPipe)) process.stdout.on('error', ignoreClosedPipe);
  try {
    const executed = await execute(argv, { signal: stop.signal, columns: process.stdout.columns, onNews: print });
    if (!executed) return 0;
    const { json, result } = executed;
    print(json ? JSON.stringify(result.json, null, 2) : result.text);
    if (result.wrong !== undefined) process.stderr.write(`medweave: ${result.wrong}\n`);
    return result.wrong !== undefined ? 2 : result.failed ? 1 : 0;
  } catch (error) {
    const shown = stop.signal.aborted && isAbort(error) ? new Interrupted('interrupted; nothing was written') : error;
    process.stderr.write(`medweave: ${messageOf(shown)}\n`);
    if (error instanceof Error && (argv.includes('--verbose') || !isExpected(shown))) process.stderr.write(`${stackOf(error)}\n`);
    return exitCodeOf(error);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onInterrupt);
  }
}

const print = (text: string): void => {
  if (text) process.stdout.write(`${text}\n`);
};

/** `medweave … | head`: the reader has seen enough, which is no failure. */
const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};

/** What `signal.throwIfAborted()` throws. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** Errors whose message says enough: ours, and what the operating system refused (it names the call and the path). */
const isExpected = (error: unknown): boolean =>
  error instanceof MedweaveError || error instanceof Interrupted || (error instanceof Error && 'syscall' in error);

/** The command line: runs one command, prints its result, turns errors into one line and an exit code. */
import { exitCodeOf, MedweaveError } from '../core/errors.js';
import { execute } from './execute.js';
import { Interrupted } from './interrupted.js';

/** @returns the exit code: 0 done, 2 wrong input, 1 anything else */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onInterrupt);
  try {
    const executed = await execute(argv, { signal: stop.signal, columns: process.stdout.columns });
    if (executed) print(executed.json ? JSON.stringify(executed.result.json, null, 2) : executed.result.text);
    return 0;
  } catch (error) {
    process.stderr.write(`medweave: ${oneLine(error)}\n`);
    const expected = error instanceof MedweaveError || error instanceof Interrupted;
    if (error instanceof Error && (argv.includes('--verbose') || !expected)) process.stderr.write(`${error.stack ?? ''}\n`);
    return exitCodeOf(error);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onInterrupt);
  }
}

const print = (text: string): void => {
  if (text) process.stdout.write(`${text}\n`);
};

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ').trim();

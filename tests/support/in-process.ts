/** The command line inside the test's own process, for tests that want many quick runs. */
import { vi } from 'vitest';
import { main } from '../../src/cli/main.js';

export interface InProcess {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line and catches what it prints. */
export async function runInProcess(argv: readonly string[]): Promise<InProcess> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }));
  try {
    return { code: await main(argv), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

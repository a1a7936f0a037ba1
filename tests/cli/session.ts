/** One process that runs command lines one after the other, for tests that want many short ones: what each prints, logs included, without starting Node each time. */
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { packageFile } from '../../src/core/paths.js';
import type { Outcome } from './command-line.js';

export interface Session {
  run(...args: string[]): Promise<Outcome>;
  /** A command that must succeed. @returns its standard output */
  succeed(...args: string[]): Promise<string>;
  close(): void;
}

/** Separates what commands print on standard error; on standard output it also tells the exit code. */
const END = '\u0000end of command\u0000';

const script = `
  import readline from 'node:readline';
  const { main } = await import(${JSON.stringify(pathToFileURL(packageFile('dist', 'src', 'cli', 'main.js')).href)});
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.exitCode = 0;
    const code = await main(JSON.parse(line));
    await new Promise((done) => process.stderr.write(${JSON.stringify(`${END}
`)}, done));
    process.stdout.write(${JSON.stringify(END)} + code + '\\n');
  }
`;

/** The compiled command line, in a directory. Commands must be awaited one by one. */
export function openSession(cwd: string): Session {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const errors = linesUntilEnd(child.stderr);
  const results = linesUntilEnd(child.stdout);
  const run = async (...args: string[]): Promise<Outcome> => {
    child.stdin.write(`${JSON.stringify(args)}\n`);
    const [stderr, stdout] = await Promise.all([errors(), results()]);
    return { code: Number(stdout.end), signal: null, stdout: stdout.text, stderr: stderr.text };
  };
  return {
    run,
    async succeed(...args) {
      const { code, stdout, stderr } = await run(...args);
      expect(code, `medweave ${args.join(' ')}\n${stderr}`).toBe(0);
      return stdout;
    },
    close: () => child.kill(),
  };
}

/** @returns a function that waits for the end of the next command: what was printed until then, and what stands behind the mark */
function linesUntilEnd(stream: NodeJS.ReadableStream): () => Promise<{ text: string; end: string }> {
  const lines = readline.createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    let text = '';
    for (;;) {
      const { done, value } = await lines.next();
      if (done) throw new Error(`the command line ended: ${text}`);
      const at = value.indexOf(END);
      if (at >= 0) return { text: text + value.slice(0, at), end: value.slice(at + END.length) };
      text += `${value}\n`;
    }
  };
}

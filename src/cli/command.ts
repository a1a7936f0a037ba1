/** What a command of the command line is: arguments, and a function from arguments to a result. Only `main.ts` prints and exits. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Logger } from '../core/log.js';

export interface CommandContext {
  log: Logger;
  /** The global options. */
  seed?: number;
  device: string;
  force: boolean;
  /** Aborted by Ctrl-C: finish the step, save, return. */
  signal: AbortSignal;
  /** Shows something before the command ends, for those that run until they are stopped; with `--json` as one line. */
  announce(news: Pick<CommandResult, 'text' | 'json'>): void;
}

export interface CommandResult {
  /** Printed to standard output without `--json`. */
  text: string;
  /** Printed to standard output with `--json`. */
  json: unknown;
  /** What is wrong with the user's input, where there is a result to print all the same; the exit code is then 2. */
  wrong?: string;
  /** Part of the work failed, though there is a result to show: exit code 1. */
  failed?: boolean;
}

export interface Command<Args> {
  /** The yargs usage, e.g. `ontology <system> <codes..>`. */
  usage: string;
  describe: string;
  builder: (yargs: Argv) => Argv<Args>;
  run: (args: ArgumentsCamelCase<Args>, context: CommandContext) => Promise<CommandResult>;
}

/** Keeps the argument types of a command while the table of commands forgets them. */
export const defineCommand = <Args>(command: Command<Args>): Command<unknown> => command as unknown as Command<unknown>;

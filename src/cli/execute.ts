/** Parses one command line and runs its command; nothing is printed here. */
import yargs, { type Argv } from 'yargs';
import { configurationError } from '../core/errors.js';
import { createLogger, type Logger } from '../core/log.js';
import { packageVersion } from '../core/paths.js';
import type { CommandContext, CommandResult } from './command.js';
import { commands } from './commands.js';
import { complete } from './completion/complete.js';
import { COMPLETION_REQUEST } from './completion/scripts.js';
import { globalOptions, type GlobalArgs } from './global-options.js';

export interface Executed {
  json: boolean;
  result: CommandResult;
}

export interface ExecuteOptions {
  signal: AbortSignal;
  /** Instead of one made from the command line's own flags. */
  log?: Logger;
  /** Width of help texts. */
  columns?: number;
  /** What a command shows before it ends. */
  onNews?: (line: string) => void;
}

/**
 * @returns undefined when only help or the version was asked for (yargs prints it)
 * @throws configuration error for a command line that cannot be understood; whatever the command throws
 */
export async function execute(argv: readonly string[], options: ExecuteOptions): Promise<Executed | undefined> {
  if (argv[0] === COMPLETION_REQUEST) return { json: false, result: { text: complete(argv.slice(2)).join('\n'), json: undefined } };
  const name = argv.find((word) => !word.startsWith('-'));
  if (name !== undefined && !(name in commands)) throw configurationError(`${name}: no such command; \`medweave --help\` lists them`);
  let executed: Executed | undefined;
  const parser = parserOf(argv, name, options.columns ?? 100);
  for (const [commandName, { describe, load }] of Object.entries(commands)) {
    if (commandName !== name) {
      parser.command(commandName, describe);
      continue;
    }
    const command = (await load()).default;
    parser.command(command.usage, command.describe, (y) => command.builder(y) as Argv<GlobalArgs>, async (args) => {
      const log = options.log ?? createLogger({ level: args.quiet ? 'warn' : args.verbose ? 'debug' : 'info' });
      const { seed, device, force, json } = args;
      const announce: CommandContext['announce'] = (news) => options.onNews?.(json ? JSON.stringify(news.json) : news.text);
      executed = { json, result: await command.run(args as never, { log, seed, device, force, signal: options.signal, announce }) };
    });
  }
  await parser.parseAsync();
  return executed;
}

function parserOf(argv: readonly string[], name: string | undefined, columns: number): Argv<GlobalArgs> {
  return globalOptions(yargs([...argv]))
    .scriptName('medweave')
    .detectLocale(false)
    .version(packageVersion())
    .usage('$0 <command> [options]\n\nMultimodal pre-training on the text and codes of electronic health records. Not for clinical use.')
    .strict()
    .wrap(Math.min(120, columns))
    .demandCommand(1, 'No command named')
    .parserConfiguration({ 'parse-positional-numbers': false })
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? configurationError(`${message} (see \`medweave ${name === undefined ? '' : `${name} `}--help\`)`);
    });
}

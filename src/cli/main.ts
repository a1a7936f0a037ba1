/** The command line: parses, runs one command, prints its result, turns errors into one line and an exit code. */
import yargs, { type Argv } from 'yargs';
import { configurationError, exitCodeOf, MedweaveError } from '../core/errors.js';
import { createLogger } from '../core/log.js';
import { packageVersion } from '../core/paths.js';
import type { CommandContext, CommandResult } from './command.js';
import { commands } from './commands.js';
import { Interrupted } from './interrupted.js';

interface GlobalArgs {
  json: boolean;
  seed?: number;
  device: string;
  force: boolean;
  quiet: boolean;
  verbose: boolean;
}

const globalOptions = (parser: Argv): Argv<GlobalArgs> =>
  parser
    .option('json', { type: 'boolean', default: false, describe: 'machine-readable result on standard output', global: true })
    .option('seed', { type: 'number', describe: 'seed of every random draw', global: true })
    .option('device', { type: 'string', default: 'auto', describe: 'auto, cpu, webgpu, cuda or tensorflow', global: true })
    .option('force', { type: 'boolean', default: false, describe: 'redo work whose result is already there', global: true })
    .option('quiet', { type: 'boolean', default: false, describe: 'only warnings and errors', global: true })
    .option('verbose', { type: 'boolean', default: false, describe: 'more detail, and stack traces of errors', global: true });

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, ' ').trim();
}

/** Runs one command line. @returns the exit code: 0 done, 2 wrong input, 1 anything else */
export async function main(argv: readonly string[]): Promise<number> {
  const name = argv.find((word) => !word.startsWith('-'));
  const entry = name === undefined ? undefined : commands[name];
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  let verbose = argv.includes('--verbose');
  try {
    let result: CommandResult | undefined;
    let json = false;
    const parser = globalOptions(yargs([...argv]))
      .scriptName('medweave')
      .version(packageVersion())
      .usage('$0 <command> [options]\n\nMultimodal pre-training on the text and codes of electronic health records. Not for clinical use.')
      .strict()
      .wrap(Math.min(120, process.stdout.columns || 100))
      .demandCommand(1, 'Name a command; `medweave --help` lists them.')
      .recommendCommands()
      .parserConfiguration({ 'parse-numbers': true, 'parse-positional-numbers': false })
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? configurationError(`${message} (see \`medweave ${entry ? `${name} ` : ''}--help\`)`);
      });
    for (const [commandName, { describe, load }] of Object.entries(commands)) {
      if (commandName !== name) {
        parser.command(commandName, describe);
        continue;
      }
      const command = (await load()).default;
      parser.command(command.usage, command.describe, (y) => command.builder(y) as Argv<GlobalArgs>, async (args) => {
        json = args.json;
        verbose = args.verbose;
        const log = createLogger({ level: args.quiet ? 'warn' : args.verbose ? 'debug' : 'info' });
        const context: CommandContext = { log, seed: args.seed, device: args.device, force: args.force, signal: stop.signal };
        result = await command.run(args as never, context);
      });
    }
    await parser.parseAsync();
    if (result) process.stdout.write(json ? `${JSON.stringify(result.json, null, 2)}\n` : result.text && `${result.text}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`medweave: ${firstLine(error)}\n`);
    const expected = error instanceof MedweaveError || error instanceof Interrupted;
    if (error instanceof Error && (verbose || !expected)) process.stderr.write(`${error.stack ?? ''}\n`);
    return error instanceof Error && error.name === 'YError' ? 2 : exitCodeOf(error);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

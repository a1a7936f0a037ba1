/** The commands as yargs knows them: their help, and the words that a shell can complete. */
import yargs, { type Argv } from 'yargs';
import { commands } from '../../src/cli/commands.js';
import type { CommandWords, CompletionTable, OptionWords } from '../../src/cli/completion/complete.js';
import { globalOptions } from '../../src/cli/global-options.js';

/** What yargs knows of options; its type declarations leave this method out. */
interface Described {
  getOptions(): { key: Record<string, unknown>; boolean: string[]; array: string[]; choices: Record<string, readonly unknown[]>; hiddenOptions: string[] };
}

export interface CommandReference {
  /** Command → its help. */
  help: Record<string, string>;
  words: CompletionTable;
}

/** Columns of the help texts. */
const WIDTH = 140;

export async function commandReference(): Promise<CommandReference> {
  const reference: CommandReference = { help: {}, words: { '': wordsOf(globalOptions(yargs([])), '') } };
  for (const [name, { load }] of Object.entries(commands)) {
    const { usage, describe, builder } = (await load()).default;
    const parser = builder(yargs([]) as Argv) as Argv;
    parser.scriptName('medweave').locale('en').usage(`$0 ${usage}\n\n${describe}`).help(false).version(false).wrap(WIDTH);
    reference.help[name] = await parser.getHelp();
    reference.words[name] = wordsOf(globalOptions(builder(yargs([]) as Argv) as Argv), usage);
  }
  return reference;
}

/** `auto` and what `medweave devices` lists for users. */
const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'tensorflow'];

/** @param usage e.g. `link <what> [files..]` */
function wordsOf(parser: Argv, usage: string): CommandWords {
  const { key, boolean, array, choices, hiddenOptions } = (parser as Argv & Described).getOptions();
  const positionals = [...usage.matchAll(/[<[]([\w-]+)(?:\.\.)?[>\]]/g)].map((match) => match[1]!);
  const choicesOf = (name: string): string[] => (name === 'device' ? DEVICES : (choices[name] ?? []).map(String));
  const named = Object.keys(key).filter((name) => name.length > 1 && !positionals.includes(name) && !hiddenOptions.includes(name));
  const option = (name: string): OptionWords => ({ value: !boolean.includes(name), list: array.includes(name), choices: choicesOf(name) });
  return { options: Object.fromEntries(named.map((name) => [name, option(name)])), positionals: positionals.map(choicesOf) };
}

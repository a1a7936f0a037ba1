/** The words that can follow on an unfinished command line, from the table that `npm run docs` makes of the commands: none of them is loaded. */
import fs from 'node:fs';
import { packageFile } from '../../core/paths.js';
import { bundledConfigs } from '../bundled-configs.js';

export interface OptionWords {
  /** Whether a value follows. */
  value: boolean;
  /** Can be given several times. */
  list: boolean;
  choices: readonly string[];
}

export interface CommandWords {
  options: Record<string, OptionWords>;
  /** Choices of each positional argument in order; the last holds for all that follow. */
  positionals: readonly (readonly string[])[];
}

/** Command → its words; `''`: the options before any command. */
export type CompletionTable = Record<string, CommandWords>;

const table = (): CompletionTable => JSON.parse(fs.readFileSync(packageFile('configs', 'completions.json'), 'utf8')) as CompletionTable;

/**
 * @param words of the command line, the program's name left out; the last is being typed and may be empty
 * @returns words that begin as it does; none where a file, a number or a text of one's own is expected
 */
export function complete(words: readonly string[], commands: CompletionTable = table()): string[] {
  const [before, current] = [words.slice(0, -1), words.at(-1) ?? ''];
  const at = before.findIndex((word) => !word.startsWith('-'));
  const command = commands[at < 0 ? '' : before[at]!];
  if (!command) return [];
  const given = before.slice(at + 1);
  return candidatesOf(command, { given, current, names: at < 0 ? Object.keys(commands).filter(Boolean) : [] }).filter((word) => word.startsWith(current));
}

interface Typed {
  /** Words behind the command. */
  given: readonly string[];
  current: string;
  /** Of commands, where none is typed yet. */
  names: readonly string[];
}

function candidatesOf(command: CommandWords, { given, current, names }: Typed): readonly string[] {
  const option = optionOf(given.at(-1), command);
  if (option !== undefined) return valuesOf(option, command, current);
  if (current.startsWith('-')) return optionNames(command, given);
  if (names.length) return names;
  const positional = given.filter((word, i) => !word.startsWith('-') && optionOf(given[i - 1], command) === undefined).length;
  return command.positionals[Math.min(positional, command.positionals.length - 1)] ?? [];
}

/** The option whose value comes next after a word, if any. */
function optionOf(word: string | undefined, { options }: CommandWords): string | undefined {
  const name = word?.startsWith('--') ? word.slice(2) : undefined;
  return name !== undefined && options[name]?.value ? name : undefined;
}

function valuesOf(option: string, { options }: CommandWords, typed: string): readonly string[] {
  if (option === 'config') return bundledConfigs();
  return option === 'set' ? configurationFields(typed) : options[option]!.choices;
}

/** Those that were not given yet; lists can be given again. */
const optionNames = ({ options }: CommandWords, given: readonly string[]): string[] =>
  Object.entries(options).map(([name, { list }]) => ({ word: `--${name}`, list })).filter(({ word, list }) => list || !given.includes(word)).map(({ word }) => word);

/** The part of a JSON schema that has names in it. */
interface SchemaNode {
  properties?: Record<string, SchemaNode>;
}

/** Fields of one level: `finetune.` → `finetune.training.`, `finetune.fraction=`. */
function configurationFields(typed: string): string[] {
  const keys = typed.split('.').slice(0, -1);
  let node = JSON.parse(fs.readFileSync(packageFile('configs', 'schema.json'), 'utf8')) as SchemaNode;
  for (const key of keys) node = node.properties?.[key] ?? {};
  return Object.entries(node.properties ?? {}).map(([name, { properties }]) => `${[...keys, name].join('.')}${properties ? '.' : '='}`);
}

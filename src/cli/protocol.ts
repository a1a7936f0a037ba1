/** The options `--protocol` and `--switch`, and what they make of a run's configuration. */
import type { Argv } from 'yargs';
import { parseConfig, type RawConfig } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { assertSwitches, protocolNames, protocolSchema, readSwitches, withProtocol, type ProtocolName } from '../protocols/index.js';

export interface ProtocolArgs {
  protocol?: ProtocolName;
  switch?: string[];
}

export const protocolOptions = <Args>(yargs: Argv<Args>): Argv<Args & ProtocolArgs> =>
  yargs
    .option('protocol', { choices: protocolNames, describe: 'what to reproduce: the paper, its released code, or neither\'s mistakes (docs/protocols.md)' })
    .option('switch', { type: 'string', array: true, nargs: 1, describe: 'one difference between them, e.g. --switch cls-mask=released' }) as Argv<Args & ProtocolArgs>;

/**
 * @param own the configuration as its file has it; its key `protocol` holds unless `--protocol` names another
 * @param where names the file in errors
 * @returns the configuration with the protocol's settings in it, see {@link withProtocol}
 */
export function followProtocol(own: RawConfig, args: ProtocolArgs, where: string): RawConfig {
  const switches = readSwitches();
  const chosen = parseConfig(protocolSchema, args.protocol ?? own['protocol'] ?? {}, `${where}: protocol`);
  assertSwitches(chosen, switches, `${where}: protocol`);
  const flags = parseConfig(protocolSchema, { ...chosen, ...Object.fromEntries((args.switch ?? []).map(nameAndPosition)) }, '--switch');
  assertSwitches(flags, switches, '--switch');
  return withProtocol(own, flags, switches);
}

function nameAndPosition(text: string): [string, string] {
  const [name, position, ...rest] = text.split('=');
  if (!name || !position || rest.length || name === 'base') throw configurationError(`--switch ${text}: expected name=variant, e.g. --switch cls-mask=released`);
  return [name, position];
}

/** `protocol` decides what lies below `--set`: it cannot be set by it. */
export function assertNoProtocol(set: readonly string[]): void {
  const found = set.find((assignment) => /^protocol[.=]/.test(assignment));
  if (found !== undefined) throw configurationError(`--set ${found}: use --protocol NAME and --switch NAME=VARIANT`);
}

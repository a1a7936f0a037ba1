/** Which protocol a run follows, and which switches it sets otherwise: the key `protocol` of a run's configuration. */
import { z } from 'zod';
import { setAt, valueAt, type RawConfig } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { protocolNames, variantNames, variantsOf, type ProtocolName, type ProtocolSwitch, type Settings, type VariantName } from './switches.js';

/** A variant, or `configured`: the protocol says nothing of this switch, the configuration's own values hold. */
export type Position = VariantName | 'configured';

/** `base`, and the switches that are set otherwise, by name. */
export type ProtocolChoice = { base: ProtocolName } & Record<string, Position>;

/** The name of a protocol alone, or a mapping. Whether its switches exist: {@link assertSwitches}. */
export const protocolSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { base: value } : value),
  z
    .object({
      // Described here, since the types behind a preprocessing step are hidden from the reference of the configuration.
      base: z.enum(protocolNames).default('corrected').describe('The protocol; a switch of configs/protocols.yaml beside it, such as `cls-mask: released`, departs from it.'),
    })
    .catchall(z.enum([...variantNames, 'configured'])),
);

/** @param where names the choice in an error @throws configuration error for a switch, or a variant of one, that does not exist */
export function assertSwitches({ base: _, ...chosen }: ProtocolChoice, switches: readonly ProtocolSwitch[], where: string): void {
  for (const [name, position] of Object.entries(chosen)) {
    const found = switches.find((one) => one.name === name);
    if (!found) throw configurationError(`${where}: there is no switch ${name}; there are ${switches.map((one) => one.name).join(', ')}`);
    const positions = [...variantsOf(found), 'configured'];
    if (!positions.includes(position)) throw configurationError(`${where}: switch ${name}: expected ${positions.join(', ')}, got ${position}`);
  }
}

/**
 * A run's configuration with what its protocol sets. What the base sets lies below the configuration's own values, switches that are chosen by
 * name lie above them.
 * @param own the configuration as its file has it
 */
export function withProtocol(own: RawConfig, choice: ProtocolChoice, switches: readonly ProtocolSwitch[]): RawConfig {
  const config = structuredClone(own);
  const named = switches.filter(({ name }) => name in choice);
  const fromBase = switches.filter(({ name }) => !(name in choice)).map((one) => one[choice.base]);
  const below: RawConfig = {};
  for (const settings of fromBase) apply(below, settings);
  for (const path of new Set(fromBase.flatMap(Object.keys).map(plainPath))) if (!isSaid(config, path)) setAt(config, path, valueAt(below, path));
  for (const one of named) if (choice[one.name] !== 'configured') apply(config, one[choice[one.name] as VariantName]!);
  return { ...config, protocol: choice };
}

/** A configuration path without the `+` of a list that is added to. */
export const plainPath = (path: string): string => path.replace(/\+$/, '');

function apply(config: RawConfig, settings: Settings): void {
  for (const [path, value] of Object.entries(settings)) {
    const plain = plainPath(path);
    setAt(config, plain, plain === path ? value : [...new Set([...((valueAt(config, plain) as unknown[] | undefined) ?? []), ...(value as unknown[])])]);
  }
}

/** Whether a configuration says something at a path, or above it something that is no mapping (which its schema will refuse). */
function isSaid(config: RawConfig, path: string): boolean {
  const keys = path.split('.');
  const above = keys.slice(0, -1).map((_, i) => valueAt(config, keys.slice(0, i + 1).join('.')));
  return valueAt(config, path) !== undefined || above.some((value) => value !== undefined && value !== null && typeof value !== 'object');
}

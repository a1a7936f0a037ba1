/** Where the paper, its released code and our corrections differ, as the switches of configs/protocols.yaml. */
import fs from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { canonicalJson } from '../core/artifact.js';
import { parseConfig } from '../core/config.js';
import { configurationError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';

/** What a whole run can follow. */
export const protocolNames = ['paper', 'released', 'corrected'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** What one switch can be set to; `gbert` is in some only. */
export const variantNames = [...protocolNames, 'gbert'] as const;
export type VariantName = (typeof variantNames)[number];

/** Path in a run's configuration → value, as `--set` takes them; a path that ends in `+` adds to a list. */
const settings = z.record(z.string().regex(/^\w+(\.\w+)+\+?$/, 'expected a path such as model.codes.heads'), z.unknown());
export type Settings = Readonly<Record<string, unknown>>;

const switchSchema = z.strictObject({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  /** In a sentence or two, what differs. */
  what: z.string(),
  /** Where it is to be seen: equation, section, part of the released code. */
  source: z.string(),
  paper: settings,
  released: settings,
  corrected: settings,
  gbert: settings.optional(),
});
export type ProtocolSwitch = z.output<typeof switchSchema>;

/** Reads the switches, in the order of the file. @throws configuration error when the file is damaged */
export function readSwitches(file = packageFile('configs', 'protocols.yaml')): ProtocolSwitch[] {
  const switches = parseConfig(z.array(switchSchema), parse(fs.readFileSync(file, 'utf8')), file);
  const names = switches.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw configurationError(`${file}: there are two switches ${repeated}; each needs a name of its own`);
  for (const one of switches) assertSamePaths(one, file);
  return switches;
}

/** Variants set the same things: a run would else keep what another variant had set. */
function assertSamePaths(one: ProtocolSwitch, file: string): void {
  const [first, ...others] = variantsOf(one).map((variant) => Object.keys(one[variant]!).sort().join(', '));
  const other = others.find((paths) => paths !== first);
  if (other !== undefined) throw configurationError(`${file}: switch ${one.name}: every variant must set the same paths, got ${first} and ${other}`);
}

/** The variants that a switch has. */
export const variantsOf = (one: ProtocolSwitch): VariantName[] => variantNames.filter((variant) => one[variant] !== undefined);

/** What is worth comparing with `corrected`: the variants that set something else, one of each that set the same. */
export function alternativesOf(one: ProtocolSwitch): VariantName[] {
  const key = (variant: VariantName): string => canonicalJson(one[variant]);
  const others = (['released', 'paper', 'gbert'] as const).filter((variant) => one[variant] !== undefined && key(variant) !== key('corrected'));
  return others.filter((variant, i) => others.findIndex((other) => key(other) === key(variant)) === i);
}

/** Which protocol a run has followed in fact: for its config.yaml and manifest. */
import { canonicalJson } from '../core/artifact.js';
import { valueAt } from '../core/config.js';
import { plainPath, type Position, type ProtocolChoice } from './choice.js';
import { readSwitches, variantsOf, type ProtocolSwitch, type VariantName } from './switches.js';

/**
 * The base, and every switch on which the values differ from the base's: the variant that has these values, or `configured` where none has.
 * Told by the values, not by what was asked for, since a file, `--set` or the run that a stage starts from may decide otherwise.
 * @param config the sections that the run uses; switches of other sections are left out
 */
export function recordProtocol(choice: ProtocolChoice | undefined, config: object, switches: readonly ProtocolSwitch[] = readSwitches()): ProtocolChoice {
  const base = choice?.base ?? 'corrected';
  const positions = switches.filter((one) => isIn(config, one)).map((one): [string, Position] => [one.name, positionOf(config, one, [base, choice?.[one.name]])]);
  return { base, ...Object.fromEntries(positions.filter(([, position]) => position !== base)) };
}

/** @param preferred where several variants have the values of `config` */
function positionOf(config: object, one: ProtocolSwitch, preferred: readonly (Position | undefined)[]): Position {
  const matching = variantsOf(one).filter((variant) => hasValues(config, one, variant));
  return preferred.find((position) => matching.includes(position as VariantName)) ?? matching[0] ?? 'configured';
}

const valuePaths = (one: ProtocolSwitch): string[] => Object.keys(one.corrected).filter((path) => plainPath(path) === path);

const isIn = (config: object, one: ProtocolSwitch): boolean => valuePaths(one).every((path) => valueAt(config, path) !== undefined);

const hasValues = (config: object, one: ProtocolSwitch, variant: VariantName): boolean =>
  valuePaths(one).every((path) => canonicalJson(valueAt(config, path)) === canonicalJson(one[variant]![path]));

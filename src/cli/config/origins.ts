/** Where each value of a resolved configuration comes from. */
import { canonicalJson } from '../../core/artifact.js';
import { valueAt } from '../../core/config.js';
import { runSchema, type ConfigArgs, type ResolvedConfig } from '../run-config.js';

export const origins = ['default', 'protocol', 'file', '--set'] as const;
export type Origin = (typeof origins)[number];

/** Later ones win: protocol, file, single switches, `--set`; see `loadRunConfig`. @returns path of a value → its origin */
export function originsOf(resolved: ResolvedConfig, args: ConfigArgs): (path: string) => Origin {
  const defaults = runSchema.parse({});
  const assigned = args.set.map((assignment) => assignment.slice(0, assignment.indexOf('=')));
  const { config, own, followed } = resolved;
  const same = (path: string, one: unknown, other: unknown): boolean => canonicalJson(valueAt(one, path) ?? null) === canonicalJson(valueAt(other, path) ?? null);
  const said = (path: string): Origin | undefined => {
    if (assigned.some((one) => isWithin(path, one))) return '--set';
    if (!same(path, own, followed)) return same(path, config, defaults) && !followsAnother(resolved) ? undefined : 'protocol';
    return valueAt(own, path) === undefined ? undefined : 'file';
  };
  /** A field that nobody wrote, and yet no default: another spelling of it was written (`labels.kind` for `labels.kinds`). */
  const respelt = (path: string): Origin => {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    return assigned.some((one) => isWithin(one, above)) ? '--set' : 'file';
  };
  return (path) => said(path) ?? (same(path, config, defaults) ? 'default' : respelt(path));
}

const isWithin = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** `corrected` alone sets what the defaults are anyway. */
function followsAnother({ config }: ResolvedConfig): boolean {
  const { base, ...switches } = config.protocol;
  return base !== 'corrected' || Object.keys(switches).length > 0;
}

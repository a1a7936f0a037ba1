/** Configuration: a YAML file, then `--set a.b=c`, checked by a strict zod schema whose defaults are the only ones. */
import fs from 'node:fs';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { configurationError } from './errors.js';

export type RawConfig = Record<string, unknown>;

export function readYaml(file: string): RawConfig {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw configurationError(`${file}: cannot read the configuration file; check the path`, cause);
  }
  try {
    const value: unknown = parse(text) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new Error('the top level is not a mapping');
    return value as RawConfig;
  } catch (cause) {
    const detail = (cause as Error).message.split('\n')[0];
    throw configurationError(`${file}: not valid YAML: ${detail}`, cause);
  }
}

/** Applies `a.b=c` assignments; values are read as YAML (`3`, `true`, `[1, 2]`, `text`). */
export function applyOverrides(config: RawConfig, assignments: readonly string[]): RawConfig {
  const result = structuredClone(config);
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) throw configurationError(`--set ${assignment}: expected path=value, e.g. --set training.epochs=3`);
    setAt(result, assignment.slice(0, at), parse(assignment.slice(at + 1)));
  }
  return result;
}

/** Sets `a.b`, in place; what is no mapping on the way becomes one. */
export function setAt(config: RawConfig, path: string, value: unknown): void {
  const keys = path.split('.');
  let node = config;
  for (const key of keys.slice(0, -1)) {
    if (typeof node[key] !== 'object' || node[key] === null) node[key] = {};
    node = node[key] as RawConfig;
  }
  node[keys.at(-1)!] = value;
}

/** The value at `a.b`; undefined where there is none. */
export const valueAt = (config: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, key) => (typeof node === 'object' && node !== null ? (node as RawConfig)[key] : undefined), config);

/** Checks a raw configuration; errors list every wrong field as `✖ what → where`. */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, raw: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `✖ ${issue.message}${issue.path.length ? ` → ${issue.path.join('.')}` : ''}`);
  throw configurationError(`${where}: ${lines.join('; ')}`);
}

export const toYaml = (value: unknown): string => stringify(value);

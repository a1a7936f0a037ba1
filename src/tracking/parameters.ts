/** A configuration as a flat list of named values, as trackers show it. */

export type Parameter = readonly [name: string, value: string | number | boolean];

/** `{ a: { b: [1, 2] } }` → `a.b` = `[1,2]`. Lists are JSON; what is undefined is left out. */
export function flatten(config: unknown, prefix = ''): Parameter[] {
  if (config === undefined) return [];
  if (typeof config === 'string' || typeof config === 'number' || typeof config === 'boolean') return [[prefix, config]];
  if (config === null || Array.isArray(config)) return [[prefix, JSON.stringify(config)]];
  return Object.entries(config as Record<string, unknown>).flatMap(([name, value]) => flatten(value, prefix ? `${prefix}.${name}` : name));
}

/** Options given as KIND=FILE. */
import { configurationError } from '../../core/errors.js';

const KINDS = ['dx', 'px'];

/** @throws configuration error for another form, an unknown or a repeated kind */
export function byKindOption(option: string, values: readonly string[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const value of values) {
    const [kind, ...rest] = value.split('=');
    const file = rest.join('=');
    if (!KINDS.includes(kind!) || !file) throw configurationError(`${option} ${value}: expected KIND=FILE, with the kind ${KINDS.join(' or ')}`);
    if (kind! in files) throw configurationError(`${option} ${value}: ${kind} is given twice`);
    files[kind!] = file;
  }
  return files;
}

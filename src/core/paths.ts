/** Where the package's own files (configs, ontology tables) lie, from source and from dist alike. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot: string = (() => {
  let dir = path.dirname(fileURLToPath(import.meta.url));
  while (!fs.existsSync(path.join(dir, 'package.json'))) dir = path.dirname(dir);
  return dir;
})();

export const packageFile = (...parts: string[]): string => path.join(packageRoot, ...parts);

export const packageVersion = (): string =>
  (JSON.parse(fs.readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;

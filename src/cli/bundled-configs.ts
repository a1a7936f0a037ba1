/** The configurations in configs/. */
import fs from 'node:fs';
import path from 'node:path';
import { packageFile } from '../core/paths.js';

/** Their names, as `--config` takes them. */
export const bundledConfigs = (): string[] =>
  fs.readdirSync(packageFile('configs')).filter((name) => name.endsWith('.yaml') && name !== 'protocols.yaml').map((name) => path.basename(name, '.yaml'));

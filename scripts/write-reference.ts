/** `npm run docs`: writes the generated files of the reference. */
import fs from 'node:fs';
import { packageFile } from '../src/core/paths.js';
import { referenceFiles } from './reference/files.js';

for (const [file, content] of Object.entries(await referenceFiles())) fs.writeFileSync(packageFile(file), content);

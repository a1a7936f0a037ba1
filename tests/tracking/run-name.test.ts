import path from 'node:path';
import { expect, it } from 'vitest';
import { runName } from '../../src/tracking/run-name.js';

it.each([
  ['runs/coder', 'coder'],
  ['runs/coder.partial', 'coder'],
  ['/elsewhere/coder/', 'coder'],
  ['table3/cells/MedM-PLM/icd-coding/1/1/run', 'table3/cells/MedM-PLM/icd-coding/1/1'],
  [path.join(path.parse(process.cwd()).root, 'elsewhere', 'seed-1', 'run'), 'seed-1'],
])('%s is called %s', (directory, name) => {
  expect(runName(directory)).toBe(name);
});

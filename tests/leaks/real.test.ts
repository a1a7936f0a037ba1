/** The real data of `../shared/data`, where it is there. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { packageFile } from '../../src/core/paths.js';
import { openDataset } from '../../src/dataset/index.js';
import { ingestSchema } from '../../src/records/config.js';
import { ingest } from '../../src/records/ingest.js';
import { lint } from '../../src/leaks/index.js';
import { prepareAgain, temporaryDirectory } from '../dataset/store-fixture.js';
import { coding, medication, readmission } from './planted.js';

const mimic4 = packageFile('..', 'shared', 'data', 'mimic4-demo-2.2');
const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));

it.skipIf(!fs.existsSync(mimic4))('finds nothing in the MIMIC-IV demo, for any task, if every earlier visit is read', async () => {
  const [store, out] = [path.join(root, 'store'), path.join(root, 'data')];
  await ingest({ config: ingestSchema.parse({ source: 'mimic4', raw: mimic4 }), out: store, log: silentLogger() });
  await prepareAgain(store, out);
  const dataset = await openDataset(out);
  for (const declaration of [coding, readmission, medication]) {
    expect(lint({ dataset, declaration, notes: true }).filter(({ status }) => status !== 'ok')).toEqual([]);
  }
  const past = lint({ dataset, declaration: medication }).find(({ check }) => check.startsWith('past visits end'))!;
  // The demo: 100 patients, 275 admissions; pairs of a visit and an earlier one.
  expect(past.message).toBe('741 past visits');
});

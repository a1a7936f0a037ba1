/** The real data of `../shared/data`, where it is there. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { packageFile } from '../../src/core/paths.js';
import { openDataset } from '../../src/dataset/index.js';
import { ingestSchema } from '../../src/records/config.js';
import { ingest } from '../../src/records/ingest.js';
import { prepareAgain, temporaryDirectory } from './store-fixture.js';

const raw = packageFile('..', 'shared', 'data');
const codiesp = path.join(raw, 'codiesp-v4');
const mimic4 = path.join(raw, 'mimic4-demo-2.2');
const root = temporaryDirectory();
afterAll(() => fs.rmSync(root, { recursive: true }));

async function storeOf(source: string, dir: string): Promise<string> {
  const out = path.join(root, source);
  await ingest({ config: ingestSchema.parse({ source, raw: dir }), out, log: silentLogger() });
  return out;
}

describe('CodiEsp', () => {
  it.skipIf(!fs.existsSync(codiesp))('keeps the official dev set whole while no article is on both sides', async () => {
    const store = await storeOf('codiesp', codiesp);
    const out = path.join(root, 'codiesp-data');
    const { flow } = await prepareAgain(store, out, { split: { by: 'source', on_overlap: 'drop-train' }, tokenizer: { vocabulary_size: 4000 } });
    expect(flow.splits.dev).toMatchObject({ visits: 250, labelled: 250, with_text: 250, codes: { dx: { codes: 2677 }, px: { codes: 817 } } });
    expect(flow.splits.train.visits + flow.overlap.visits_left_out).toBe(500 + 2751);
    const dataset = await openDataset(out);
    const patients = (split: 'train' | 'dev') => new Set([...dataset.rowsOf(split)].map((row) => dataset.patientIds[row]));
    expect([...patients('dev')].filter((patient) => patients('train').has(patient))).toEqual([]);
    const unknown = dataset.tokens.values.filter((id) => id === dataset.tokenizer.special.unk).length;
    expect(unknown / dataset.tokens.values.length).toBeLessThan(0.001);
    expect([...(await dataset.gold()).values()].flat()).toHaveLength(Object.values(flow.splits).flatMap(({ codes }) => Object.values(codes)).reduce((sum, { codes }) => sum + codes, 0));
  });
});

describe('the MIMIC-IV demo', () => {
  it.skipIf(!fs.existsSync(mimic4))('gives all its visits, without notes', async () => {
    const store = await storeOf('mimic4', mimic4);
    const out = path.join(root, 'mimic4-data');
    await prepareAgain(store, out);
    const dataset = await openDataset(out);
    expect(dataset.size).toBe(275);
    expect(new Set(dataset.patientIds).size).toBe(100);
    expect(dataset.tokens.values).toHaveLength(0);
    // 4,506 diagnosis rows, none of them twice in a visit.
    expect(dataset.codes.dx.values).toHaveLength(4506);
    expect(dataset.admittedAt.every((time, i) => time < dataset.dischargedAt[i]!)).toBe(true);
  });
});

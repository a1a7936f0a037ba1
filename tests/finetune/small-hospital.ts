/** A small synthetic hospital, from raw tables to data, for tests that hold what is said of raw notes and codes against what is said of the data's visits. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import type { GivenCode, VisitRecord } from '../../finetune/predictor/index.js';
import { openStore, queryRows, sqlString, withDuckDB } from '../../src/records/store.js';
import { runInProcess } from '../support/in-process.js';

export type RawVisit = VisitRecord & { codes: GivenCode[] };

export interface SmallHospital {
  /** A path in its directory: `tiny.yaml`, `raw`, `store`, `data`, and what the test makes. */
  at(...names: string[]): string;
  /** Visit id → what the hospital's tables hold. */
  visits: Map<string, RawVisit>;
}

/** Notes of one to four chunks, categories instead of codes, and few of the codes in the vocabularies. @param text `prepare.text`, as YAML */
const configWith = (text: string): string => `
prepare:
  codes: { min_count: 3, dx: category }
  text: ${text}
  tokenizer: { vocabulary_size: 300 }
model:
  text: { width: 16, layers: 2, heads: 2, feed_forward: 16, max_tokens: 192, window: 64, overlap: 8 }
  codes: { width: 16, layers: 1, heads: 2, feed_forward: 16, ontology_heads: 2, max_codes: 7 }
  reader: { width: 16 }
finetune:
  training: { batch_size: 8, epochs: 1 }
  medication: { max_history: 3 }
`;

/** A command line that must succeed. @returns its standard output */
export async function succeed(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runInProcess(argv);
  expect(code, stderr).toBe(0);
  return stdout;
}

export async function smallHospital(text = '{}'): Promise<SmallHospital> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-hospital-'));
  const at = (...names: string[]): string => path.join(root, ...names);
  fs.writeFileSync(at('tiny.yaml'), configWith(text));
  await succeed('synth', '--patients', '90', '--out', at('raw'));
  await succeed('ingest', '--source', 'mimic4', '--raw', at('raw'), '--out', at('store'));
  await succeed('prepare', '--store', at('store'), '--config', at('tiny.yaml'), '--out', at('data'));
  return { at, visits: await readVisits(at('store')) };
}

async function readVisits(store: string): Promise<Map<string, RawVisit>> {
  const { files } = openStore(store);
  const [notes, codes] = await withDuckDB({}, async (connection) => [
    await queryRows<{ visit_id: string; text: string }>(connection, `select visit_id, text from read_parquet(${sqlString(files.notes)})`),
    await queryRows<GivenCode & { visit_id: string }>(connection, `select visit_id, kind, system, code from read_parquet(${sqlString(files.codes)}) order by visit_id, kind, position`),
  ] as const);
  const visits = new Map<string, RawVisit>();
  for (const { visit_id, ...code } of codes) visits.set(visit_id, { codes: [...(visits.get(visit_id)?.codes ?? []), code] });
  for (const { visit_id, text } of notes) visits.set(visit_id, { codes: [], ...visits.get(visit_id), text });
  return visits;
}

/** What only the store knows of visits: age, sex, and notes as they were written, whatever tokenizer the data has. */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, readManifest, type Manifest } from '../core/artifact.js';
import { openStore, queryRows, sqlString, withDuckDB, type Store } from '../records/store.js';

/** The store that data was prepared from, where it still lies and is the same; else undefined. */
export function storeOf({ inputs }: Pick<Manifest, 'inputs'>): string | undefined {
  return Object.keys(inputs).find((input) => isStore(input) && fingerprint(input) === inputs[input]);
}

const isStore = (dir: string): boolean => fs.existsSync(path.join(dir, 'manifest.json')) && readManifest(dir).command === 'ingest';

export interface VisitFacts {
  visit_id: string;
  age: number | null;
  sex: string | null;
  characters: number | null;
}

/** @returns visit id → its facts, of every visit of the store */
export async function readFacts(dir: string): Promise<Map<string, VisitFacts>> {
  const { files } = openStore(dir);
  const rows = await withDuckDB({}, (connection) =>
    queryRows<VisitFacts>(connection, `select visit_id, age, sex, length(text) as characters from ${table(files.visits)} v left join ${table(files.notes)} n using (visit_id)`));
  return new Map(rows.map((row) => [row.visit_id, row]));
}

const table = (file: Store['files']['visits']): string => `read_parquet(${sqlString(file)})`;

/** Reads a store: checks that `ingest` wrote it and gives the paths of its tables. */
import fs from 'node:fs';
import path from 'node:path';
import { expectArtifact, type Manifest } from '../core/artifact.js';
import { dataError } from '../core/errors.js';
import type { Coverage } from './coverage.js';

export { queryNumber, queryRows, sqlName, sqlString, withDuckDB, type DuckDBConnection, type DuckDBOptions } from './duckdb.js';

export const storeTables = ['visits', 'codes', 'notes', 'titles', 'evidence', 'rejects'] as const;
export type StoreTable = (typeof storeTables)[number];

export interface Store {
  dir: string;
  manifest: Manifest;
  coverage: Coverage;
  /** Absolute path of each Parquet file; all exist, some may have no rows. */
  files: Record<StoreTable, string>;
}

/** The column `fragments` of evidence: `12 20;31 40`, half-open ranges of Unicode code points. */
export const storedFragments = (text: string): [start: number, end: number][] => text.split(';').map((part) => part.split(' ').map(Number) as [number, number]);

/** @throws data error when the directory is not a store, or lacks one of its files */
export function openStore(dir: string): Store {
  const manifest = expectArtifact(dir, 'ingest');
  const files = Object.fromEntries(storeTables.map((table) => [table, path.resolve(dir, `${table}.parquet`)])) as Store['files'];
  const coverageFile = path.join(dir, 'coverage.json');
  const missing = [...Object.values(files), coverageFile].find((file) => !fs.existsSync(file));
  if (missing) throw dataError(`${missing}: missing from the store; run \`medweave ingest\` again`);
  return { dir, manifest, files, coverage: JSON.parse(fs.readFileSync(coverageFile, 'utf8')) as Coverage };
}

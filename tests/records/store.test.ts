import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCoverage, unaccountedFiles } from '../../src/records/coverage.js';
import { loadTable } from '../../src/records/csv/load.js';
import { appendRows, queryNumber, queryRows, withDuckDB, type DuckDBConnection } from '../../src/records/duckdb.js';
import { cohortFlow, withDiagnosis, withMedication, withNote } from '../../src/records/flow.js';
import { createStagingTables } from '../../src/records/staging.js';
import { openStore } from '../../src/records/store.js';
import { ingestSummary } from '../../src/records/summary.js';
import { temporaryDir, writeFiles } from './raw.js';

describe('openStore', () => {
  it('refuses what ingest did not write, and an incomplete store', () => {
    expect(() => openStore(temporaryDir())).toThrow(/not a medweave directory/);
    const other = writeFiles(temporaryDir(), { 'manifest.json': '{"command": "prepare"}' });
    expect(() => openStore(other)).toThrow(/expected the output of `medweave ingest`, got the output of `medweave prepare`/);
    const torn = writeFiles(temporaryDir(), { 'manifest.json': '{"command": "ingest"}', 'visits.parquet': '' });
    expect(() => openStore(torn)).toThrow(/codes\.parquet: missing from the store/);
  });
});

describe('cohortFlow', () => {
  it('applies one condition after the other and skips a modality nobody has', async () => {
    await withDuckDB({}, async (connection) => {
      await createStagingTables(connection);
      await connection.run(`
        insert into visits (visit_id, patient_id) values ('1', 'a'), ('2', 'a'), ('3', 'b'), ('4', 'c'), ('5', 'a');
        insert into codes (visit_id, kind) values ('1', 'dx'), ('2', 'dx'), ('3', 'dx'), ('1', 'rx'), ('2', 'rx'), ('5', 'rx')`);
      const flow = await cohortFlow(connection, { first: 'admissions', conditions: [withDiagnosis, withNote, withMedication] });
      expect(flow.map(({ step, visits, patients }) => [step, visits, patients])).toEqual([
        ['admissions', 5, 3], ['with a diagnosis', 3, 2], ['with a mapped medication', 2, 1], ['of patients with two or more such visits', 2, 1],
      ]);
    });
  });
});

describe('withDuckDB', () => {
  it('closes the session and keeps what it wrote in a file', async () => {
    const file = path.join(temporaryDir(), 'a.duckdb');
    await withDuckDB({ file, memoryLimit: '200MB', threads: 1 }, async (connection) => {
      await connection.run('create table t (n bigint, s varchar)');
      await appendRows(connection, 't', (append) => { append(2 ** 53 - 1, "it's"); append(null, 'é\0😀'); });
    });
    await expect(withDuckDB({ file }, () => Promise.reject(new Error('stop')))).rejects.toThrow('stop');
    await withDuckDB({ file }, async (connection) => {
      expect(await queryRows(connection, 'select * from t')).toEqual([{ n: 2 ** 53 - 1, s: "it's" }, { n: null, s: 'é\0😀' }]);
      expect(await queryNumber(connection, 'select count(*) from t where n is null')).toBe(1);
    });
    expect(fs.existsSync(file)).toBe(true);
  });

  it('fails with the interruption, whatever was made of the error of an interrupted query', async () => {
    const raw = writeFiles(temporaryDir(), { 'a.csv': 'n\n1\n' });
    const stop = new AbortController();
    const interruptedQuery = { run: () => { stop.abort(); return Promise.reject(new Error('INTERRUPT Error: Interrupted!')); } } as unknown as DuckDBConnection;
    const load = () => loadTable(interruptedQuery, { file: path.join(raw, 'a.csv'), table: 'a', columns: {}, maxRejectShare: 0 });
    await expect(load()).rejects.toMatchObject({ name: 'DataError' });
    await expect(withDuckDB({ signal: stop.signal }, load)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('coverage', () => {
  const file = { file: 'hosp/admissions.csv', records: 1234, kept: 1200, merged: 3, rejected: 11, set_aside: { superseded: 20 } };

  it('finds files whose records do not add up', () => {
    expect(unaccountedFiles([file])).toEqual([]);
    expect(unaccountedFiles([{ ...file, kept: 1199 }])).toHaveLength(1);
  });

  it('prints a table', () => {
    const coverage = {
      ...createCoverage('mimic4'),
      files: [file],
      flow: [{ step: 'admissions', visits: 1200, patients: 900 }],
      codes: [{ kind: 'dx', system: 'icd9cm', rows: 5000, distinct: 70, unknown_distinct: 0, unknown_rows: 0 }],
      drugs: {
        named_rows: 107, mapped_rows: 99, mapped_share: 0.99, by_source: { builtin: 99 },
        skipped: { container: { rows: 7, names: [{ name: 'bag', rows: 7 }] } }, unmapped: { rows: 1, distinct: 1, most_frequent: [] },
      },
    };
    expect(ingestSummary(coverage, 'store').split('\n')).toEqual([
      'store (mimic4, 0 notes)',
      '',
      'cohort      visits  patients',
      'admissions   1,200       900',
      '',
      'codes       rows  distinct  unknown',
      'dx icd9cm  5,000        70        0',
      '',
      'medications: 99.0 % of 100 rows that name a drug are mapped to ATC (aside: 7 container); 1 name left over, see coverage.json',
      '',
      'file                 records   kept  merged  set aside  rejected',
      'hosp/admissions.csv    1,234  1,200       3         20        11',
    ]);
  });
});

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTable, type ColumnSpecs } from '../../src/records/csv/load.js';
import { queryRows, withDuckDB } from '../../src/records/duckdb.js';
import { createStagingTables } from '../../src/records/staging.js';
import { temporaryDir, writeFiles } from './raw.js';

const columns: ColumnSpecs = {
  id: { from: 'hadm_id', type: 'BIGINT' },
  code: { from: 'icd_code', type: 'VARCHAR' },
  at: { from: 'charttime', type: 'TIMESTAMP', optional: true },
};

interface Loaded {
  rows: Record<string, unknown>[];
  rejects: Record<string, unknown>[];
  counts: { records: number; rejected: number };
}

async function load(content: string | Buffer, options: { name?: string; maxRejectShare?: number } = {}): Promise<Loaded> {
  const name = options.name ?? 'codes.csv';
  const file = path.join(writeFiles(temporaryDir(), { [name]: content }), name);
  return withDuckDB({}, async (connection) => {
    await createStagingTables(connection);
    const counts = await loadTable(connection, { file, table: 't', columns, maxRejectShare: options.maxRejectShare ?? 0.01 });
    const rows = await queryRows<Record<string, unknown>>(connection, `select line, id, code, strftime("at", '%Y-%m-%d') as "at" from t order by line`);
    return { rows, counts, rejects: await queryRows(connection, 'select line, reason from rejects order by line') };
  });
}

describe('loadTable', () => {
  it('finds columns by name, in any order and case, and keeps codes as text', async () => {
    const expected = [{ line: 2, id: 7, code: '0031', at: '2150-01-02' }, { line: 3, id: 8, code: '25000', at: null }];
    expect((await load('hadm_id,icd_code,charttime\n7,0031,2150-01-02 10:00:00\n8,25000,\n')).rows).toEqual(expected);
    expect((await load('\uFEFF"ICD_CODE","CHARTTIME","OTHER","HADM_ID"\r\n"0031",2150-01-02,,7\r\n"25000",,"x",8\r\n')).rows).toEqual(expected);
    expect((await load('hadm_id,icd_code\n7,0031\n', { name: 'with [brackets] and *.csv.gz' })).rows).toEqual([{ line: 2, id: 7, code: '0031', at: null }]);
  });

  it('moves malformed records to rejects with line and reason, and gives every row its line', async () => {
    const { rows, rejects, counts } = await load('hadm_id,icd_code,charttime\n1,a,\nx,secret,\n2,b,\n3,c\n4,d,,e\n\n5,f,2150-13-01\n6,g,\n');
    expect(rows.map(({ line, id }) => [line, id])).toEqual([[2, 1], [4, 2], [9, 6]]);
    expect(rejects).toEqual([
      { line: 3, reason: 'hadm_id is not BIGINT' },
      { line: 5, reason: 'too few columns' },
      { line: 6, reason: 'too many columns' },
      { line: 8, reason: 'charttime is not TIMESTAMP' },
    ]);
    expect(counts).toEqual({ records: 7, rejected: 4 });
    expect(JSON.stringify(rejects)).not.toContain('secret');
  });

  it('names missing columns and what is there instead', async () => {
    await expect(load('hadm_id,icd9_code\n1,a\n')).rejects.toThrow(/codes\.csv line 1: missing column icd_code; the header has hadm_id, icd9_code/);
  });

  it('refuses a file of which too much is malformed', async () => {
    const bad = Array.from({ length: 21 }, (_, i) => `x${i},a`);
    const good = Array.from({ length: 500 }, (_, i) => `${i},a`);
    const content = ['hadm_id,icd_code', ...good, ...bad].join('\n');
    await expect(load(content)).rejects.toThrow(/21 of 521 records are malformed, the first on line 502/);
    expect((await load(content, { maxRejectShare: 0.05 })).counts).toEqual({ records: 521, rejected: 21 });
  });

  it('refuses files that mix line ends rather than lose records', async () => {
    await expect(load('hadm_id,icd_code\r\n1,a\n2,b\r\n3,c\n')).rejects.toMatchObject({ kind: 'data' });
  });

  it('reports damage found by the byte pass, not by DuckDB', async () => {
    await expect(load(Buffer.from('hadm_id,icd_code,other\n1,a,caf\xe9\n', 'latin1'))).rejects.toThrow(/line 2: not valid UTF-8/);
    await expect(load('hadm_id,icd_code\n1,"a\n2,b\n')).rejects.toThrow(/unbalanced quotes/);
  });
});

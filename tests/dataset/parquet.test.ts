import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.js';
import { queryRows, sqlString, withDuckDB } from '../../src/records/store.js';
import { prepareStore, temporaryDirectory, type FixtureVisit } from './store-fixture.js';

const dir = temporaryDirectory();
afterAll(() => fs.rmSync(dir, { recursive: true }));

/** 5,003 visits, 124 of them empty and so left out: three row groups; lists of every length from none on. */
const visits: FixtureVisit[] = Array.from({ length: 5003 }, (_, i) => ({
  visit: `v${String(i).padStart(5, '0')}`,
  patient: `p${i % 1009}`,
  ...(i % 3 && { text: 'cough '.repeat(i % 61) }),
  dx: Array.from({ length: i % 7 }, (_code, j) => `icd9cm ${100 + ((i + 13 * j) % 800)}.1`),
  rx: i % 2 ? ['atc C03CA01'] : [],
}));

describe('reading back three row groups', () => {
  it('gives what DuckDB reads, in memory that is not WebAssembly’s', async () => {
    const { out } = await prepareStore(dir, visits);
    const dataset = await openDataset(out);
    const file = sqlString(path.join(out, 'visits.parquet'));
    interface Row { visit_id: string; split: string; tokens: number[]; dx: number[]; rx: number[]; px: number[] }
    const [rows, groups] = await withDuckDB({}, async (connection) => [
      await queryRows<Row>(connection, `select visit_id, split, tokens, dx, rx, px from read_parquet(${file})`),
      await queryRows<{ rows: number; compression: string }>(connection, `select distinct row_group_num_rows as rows, compression from parquet_metadata(${file}) order by rows`),
    ]);
    expect(groups).toEqual([{ rows: 783, compression: 'LZ4_RAW' }, { rows: 2048, compression: 'LZ4_RAW' }]);
    expect(dataset.visitIds).toEqual(rows.map((row) => row.visit_id));
    expect(dataset.splits).toEqual(rows.map((row) => row.split));
    rows.forEach((row, i) => {
      expect([...dataset.tokens.row(i)]).toEqual(row.tokens);
      for (const kind of ['dx', 'rx', 'px'] as const) expect([...dataset.codes[kind].row(i)]).toEqual(row[kind]);
    });
    // Opening another data set grows and reuses WebAssembly memory; a view into it would change or vanish.
    const before = Buffer.from(dataset.tokens.values.slice().buffer);
    await openDataset(out);
    expect(Buffer.from(dataset.tokens.values.buffer).equals(before)).toBe(true);
  });
});

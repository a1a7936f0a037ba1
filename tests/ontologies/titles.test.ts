/** Titles of full codes from the three kinds of file users have. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { codeSystem, loadTitles } from '../../ontologies/index.js';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'medweave-titles-'));
const write = (name: string, content: string | Buffer): string => {
  const file = path.join(dir, name);
  fs.writeFileSync(file, content);
  return file;
};

it('reads d_icd_diagnoses of MIMIC-IV: only the rows of the version asked for', async () => {
  const file = write('d_icd_diagnoses.csv.gz', gzipSync('icd_code,icd_version,long_title\n0010 ,9,"Cholera, first"\nA000,10,Cholera second\n'));
  expect([...(await loadTitles(file, codeSystem('icd9cm')))]).toEqual([['001.0', 'Cholera, first']]);
  expect([...(await loadTitles(file, codeSystem('icd10cm')))]).toEqual([['A00.0', 'Cholera second']]);
});

it('reads D_ICD_PROCEDURES of MIMIC-III: upper-case header, leading zeros kept', async () => {
  const file = write('D_ICD_PROCEDURES.csv', '"ROW_ID","ICD9_CODE","SHORT_TITLE","LONG_TITLE"\r\n1,"0066","short","the long one"\r\n');
  expect([...(await loadTitles(file, codeSystem('icd9proc')))]).toEqual([['00.66', 'the long one']]);
});

it('reads the fixed-width order files of CMS', async () => {
  const line = (order: string, code: string, billable: string, short: string, long: string): string => `${order} ${code.padEnd(7)} ${billable} ${short.padEnd(60)} ${long}\n`;
  const file = write('order.txt', line('00001', '0DT', '0', 'Resection', 'Gastrointestinal System, Resection') + line('00002', '0DTJ4ZZ', '1', 'Resection of Appendix', 'Resection of Appendix, Percutaneous Endoscopic Approach'));
  const titles = await loadTitles(file, codeSystem('icd10pcs'));
  expect([...titles]).toEqual([['0DT', 'Gastrointestinal System, Resection'], ['0DTJ4ZZ', 'Resection of Appendix, Percutaneous Endoscopic Approach']]);
});

it.each([
  ['wrong columns', 'a,b\n1,2\n', /:1: expected a column code or icd_code.*got a, b/],
  ['a code of another system', 'code,title\nA00,one\nxyz,two\n', /:3: "xyz" cannot be a code of icd10cm/],
  ['no rows', 'code,title\n', /expected a column|no titles/],
  ['a broken quote', 'code,title\nA00,"one\n', /not a valid CSV file/],
])('rejects %s', async (_, content, message) => {
  await expect(loadTitles(write('bad.csv', content), codeSystem('icd10cm'))).rejects.toThrow(message);
});

it('rejects a missing file, a truncated gzip and invalid UTF-8 by name', async () => {
  const system = codeSystem('icd10cm');
  await expect(loadTitles(path.join(dir, 'none.csv'), system)).rejects.toThrow(/none.csv: cannot read/);
  await expect(loadTitles(write('cut.csv.gz', gzipSync('code,title\nA00,one\n').subarray(0, 20)), system)).rejects.toThrow(/cut.csv.gz: cannot read/);
  await expect(loadTitles(write('latin.csv', Buffer.from('code,title\nA00,M\xe9ni\xe8re\n', 'latin1')), system)).rejects.toThrow(/latin.csv: cannot read/);
});

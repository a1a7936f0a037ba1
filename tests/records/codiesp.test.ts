import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { matchesText, parseFragments } from '../../src/records/codiesp/evidence.js';
import { ingestSchema } from '../../src/records/config.js';
import { unaccountedFiles, type Coverage } from '../../src/records/coverage.js';
import { ingest } from '../../src/records/ingest.js';
import { openStore, queryRows, sqlString, withDuckDB, type StoreTable } from '../../src/records/store.js';
import { codiespFiles, temporaryDir, writeFiles, type Tables } from './raw.js';

type Row = Record<string, unknown>;

async function run(files: Tables, config: Row = {}): Promise<{ coverage: Coverage; rows: (table: StoreTable, select?: string) => Promise<Row[]> }> {
  const raw = writeFiles(temporaryDir(), files);
  const out = path.join(temporaryDir(), 'store');
  const { coverage } = await ingest({ config: ingestSchema.parse({ source: 'codiesp', raw, ...config }), out, log: silentLogger() });
  const rows = (table: StoreTable, select = '*'): Promise<Row[]> =>
    withDuckDB({}, (connection) => queryRows(connection, `select ${select} from ${sqlString(openStore(out).files[table])}`));
  return { coverage, rows };
}

describe('ingest --source codiesp', () => {
  it('makes cases visits, articles patients, and keeps the official splits', async () => {
    const { rows } = await run(codiespFiles());
    expect(await rows('visits', 'visit_id, patient_id, source_split')).toEqual([
      { visit_id: 'S1-1', patient_id: 'S1', source_split: 'train' },
      { visit_id: 'S1-2', patient_id: 'S1', source_split: 'train' },
      { visit_id: 'S2-1', patient_id: 'S2', source_split: 'dev' },
      { visit_id: 'S2-2', patient_id: 'S2', source_split: 'background' },
    ]);
    expect((await rows('notes', 'text')).map(({ text }) => text)).toEqual(['Ñ😀 dolor de pecho y tos.\n', 'Fiebre alta.\n', 'Sin hallazgos.\n', 'Texto sin códigos.\n']);
  });

  it('takes D and P codes, short procedure codes and codes of other systems too', async () => {
    const { rows, coverage } = await run(codiespFiles());
    expect((await rows('codes', "visit_id || ' ' || system || ' ' || code || ' ' || position as c")).map(({ c }) => c)).toEqual([
      'S1-1 icd10cm R07.9 1', 'S1-1 icd10cm R05 2', 'S1-1 icd10pcs BW03ZZZ 1', 'S1-2 icd10cm R50.9 1', 'S1-2 icd10pcs CT13 1', 'S2-1 other 8000/6 1']);
    expect(coverage.files.find(({ file }) => file === 'train/trainD.tsv')).toMatchObject({ records: 5, kept: 3, merged: 1, rejected: 1 });
    expect(coverage.codes.find(({ system }) => system === 'icd10cm')).toMatchObject({ rows: 3, unknown_distinct: 0 });
    expect(coverage.notices.some((notice) => notice.startsWith('other: there are no tables of this code system; 1 dx codes'))).toBe(true);
    expect(unaccountedFiles(coverage.files)).toEqual([]);
  });

  it('places evidence by characters, keeps spans that differ from the text, rejects broken lines', async () => {
    const { rows, coverage } = await run(codiespFiles());
    const common = { visit_id: 'S1-1', kind: 'dx', system: 'icd10cm' };
    expect(await rows('evidence')).toEqual([
      { ...common, code: 'R05', start: 0, end: 3, fragments: '0 3', text: 'tos' },
      { ...common, code: 'R07.9', start: 3, end: 17, fragments: '3 8;12 17', text: 'dolor pecho' },
      { ...common, code: 'R05', start: 20, end: 23, fragments: '20 23', text: 'tos' },
    ]);
    expect(coverage.evidence).toEqual({ spans: 3, not_matching_text: 1 });
    expect((await rows('rejects')).map(({ file, line }) => [file, line])).toEqual([['train/trainD.tsv', 5], ['train/trainX.tsv', 4]]);
  });

  it('leaves evidence out of an English store: the offsets are Spanish', async () => {
    const { rows, coverage } = await run(codiespFiles(), { language: 'en' });
    expect((await rows('notes', 'text'))[0]).toEqual({ text: 'Chest pain and cough.\n' });
    expect(await rows('evidence')).toEqual([]);
    expect(coverage.notices).toContain('evidence is left out: its offsets refer to the Spanish text');
  });

  it.each<[string, Tables, RegExp]>([
    ['no split', { 'other/x.txt': 'x' }, /none of the folders train, dev, test, background/],
    ['no codes', Object.fromEntries(Object.entries(codiespFiles()).filter(([name]) => !/train[DP]/.test(name))), /neither trainD\.tsv nor trainP\.tsv/],
    ['invalid UTF-8', { ...codiespFiles(), 'train/text_files/S1-2.txt': Buffer.from('caf\xe9', 'latin1') }, /S1-2\.txt: not valid UTF-8/],
    ['an empty annotation file', { ...codiespFiles(), 'train/trainD.tsv': '' }, /trainD\.tsv: the file is empty/],
  ])('%s is a data error', async (_, files, message) => {
    await expect(run(files)).rejects.toMatchObject({ kind: 'data', message: expect.stringMatching(message) as string });
  });
});

describe('evidence spans', () => {
  it('parses fragments', () => {
    expect(parseFragments('307 316;348 361')).toEqual([[307, 316], [348, 361]]);
    for (const wrong of ['', '3', '3 1', 'a b', '1 2;']) expect(parseFragments(wrong)).toBeNull();
  });

  it('compares fragments with the text by characters', () => {
    const note = Array.from('😀 dolor\nagudo');
    expect(matchesText({ fragments: [[2, 7], [8, 13]], text: 'dolor agudo' }, note)).toBe(true);
    expect(matchesText({ fragments: [[2, 13]], text: 'dolor agudo' }, note)).toBe(true);
    expect(matchesText({ fragments: [[3, 7]], text: 'dolor' }, note)).toBe(false);
  });
});

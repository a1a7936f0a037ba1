/** Corpora of CodiEsp's shape with codes of another system. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/log.js';
import { kindSystem } from '../../src/records/codiesp/systems.js';
import { ingestSchema } from '../../src/records/config.js';
import { unaccountedFiles, type Coverage } from '../../src/records/coverage.js';
import { ingest } from '../../src/records/ingest.js';
import { openStore, queryRows, sqlString, withDuckDB, type StoreTable } from '../../src/records/store.js';
import { cantemistFiles, oncologyFiles, sizes } from './oncology-corpus.js';
import { codiespFiles, temporaryDir, writeFiles, type Tables } from './raw.js';

type Row = Record<string, unknown>;

async function run(files: Tables, config: Row = {}): Promise<{ coverage: Coverage; rows: (table: StoreTable, select?: string) => Promise<Row[]> }> {
  const out = path.join(temporaryDir(), 'store');
  const raw = writeFiles(temporaryDir(), files);
  const { coverage } = await ingest({ config: ingestSchema.parse({ source: 'codiesp', raw, ...config }), out, log: silentLogger() });
  const rows = (table: StoreTable, select = '*'): Promise<Row[]> =>
    withDuckDB({}, (connection) => queryRows(connection, `select ${select} from ${sqlString(openStore(out).files[table])}`));
  return { coverage, rows };
}

describe('an ICD-O corpus', () => {
  it('keeps its codes as written under a system of its own, and says so', async () => {
    const { coverage, rows } = await run(oncologyFiles());
    expect(await rows('codes', 'distinct kind, system')).toEqual([{ kind: 'dx', system: 'other' }]);
    expect((await rows('codes', 'distinct code')).map(({ code }) => code).sort()).toEqual(['8000/0', '8000/6', '8140/3', '8500/3', '8720/2', '8720/3/H']);
    expect(coverage.notices.join('\n')).toMatch(/^dx: 120 of 120 codes cannot be codes of icd10cm, e\.g\. "8140\/3"; all are kept as written, as codes of the system other \(--set ingest\.systems\.dx=NAME names it\)/m);
    expect(coverage.notices.join('\n')).toMatch(/^other: there are no tables of this code system; 6 dx codes/m);
    expect(unaccountedFiles(coverage.files)).toEqual([]);
  });

  it('passes over the line of column names, counts no reject, and takes texts without codes', async () => {
    const { coverage, rows } = await run(oncologyFiles());
    expect(await rows('rejects')).toEqual([]);
    expect(coverage.files.find(({ file }) => file === 'train/trainD.tsv')).toMatchObject({ records: 96, rejected: 0 });
    expect((await rows('visits', 'source_split')).filter(({ source_split }) => source_split === 'test')).toHaveLength(sizes.test);
  });

  it('places mentions with a label of its own among the kind that has their code', async () => {
    const { coverage, rows } = await run(oncologyFiles());
    expect(await rows('evidence', 'distinct kind, system')).toEqual([{ kind: 'dx', system: 'other' }]);
    expect(coverage.evidence).toEqual({ spans: 120, not_matching_text: 0 });
    const asProcedures = Object.fromEntries(Object.entries(oncologyFiles()).map(([name, content]) => [name.replace('D.tsv', 'P.tsv'), content]));
    const procedures = await run(asProcedures);
    expect(await procedures.rows('evidence', 'distinct kind, system')).toEqual([{ kind: 'px', system: 'other' }]);
    expect(await procedures.rows('codes', 'distinct kind, system')).toEqual([{ kind: 'px', system: 'other' }]);
  });

  it('takes the name that it is given', async () => {
    const { coverage, rows } = await run(oncologyFiles(), { systems: { dx: 'icdo3' } });
    expect(await rows('codes', 'distinct system')).toEqual([{ system: 'icdo3' }]);
    expect(coverage.notices.some((notice) => notice.startsWith('dx:'))).toBe(false);
    expect(() => ingestSchema.parse({ source: 'codiesp', raw: '.', systems: { dx: 'two words' } })).toThrow(/name of a code system/);
  });

  it('is the same in CANTEMIST\'s own layout, mentions in brat files', async () => {
    const [codiesp, cantemist] = [await run(oncologyFiles()), await run(cantemistFiles())];
    for (const table of ['visits', 'codes', 'notes', 'evidence'] as const) expect(await cantemist.rows(table), table).toEqual(await codiesp.rows(table));
    expect(unaccountedFiles(cantemist.coverage.files)).toEqual([]);
  });

  it('names the .ann file of a mention without a code', async () => {
    const { rows } = await run({ ...cantemistFiles(), 'train-set/cantemist-norm/onco_train0.ann': 'T1\tMORFOLOGIA_NEOPLASIA 0 8\tPaciente\n' });
    expect((await rows('rejects')).map(({ file, line }) => [file, line])).toEqual([['train-set/cantemist-norm/onco_train0.ann', 1]]);
  });
});

describe('which system a kind has', () => {
  const systemsOf = (kind: 'dx' | 'px', codes: string[], systems: Row = {}) => codes.map((code) => kindSystem(kind, codes, { systems }).place(code).system);

  it('is CodiEsp\'s where at least half of the lines have its form; a stray code is of none', () => {
    expect(systemsOf('dx', ['i10', 'e11.9', '8000/6'])).toEqual(['icd10cm', 'icd10cm', 'other']);
    expect(systemsOf('px', ['bw03zzz', 'ct13', '36.15'])).toEqual(['icd10pcs', 'icd10pcs', 'icd10pcs']);
  });

  it('is none for all codes where most have another form, those that look like ICD-10 too', () => {
    expect(systemsOf('dx', ['8140/3', '8000/6', 'c50'])).toEqual(['other', 'other', 'other']);
    expect(systemsOf('px', ['73211009', '38341003', 'ct13'])).toEqual(['other', 'other', 'other']);
  });

  it('is the one that was named, also where CodiEsp\'s would do', () => {
    expect(systemsOf('dx', ['250.00', 'i10'], { dx: 'icd9cm' })).toEqual(['icd9cm', 'other']);
    expect(systemsOf('dx', ['i10'], { dx: 'cie10' })).toEqual(['cie10']);
  });

  it('leaves CodiEsp alone', async () => {
    const { coverage } = await run(codiespFiles());
    expect(coverage.codes.map(({ kind, system }) => `${kind} ${system}`)).toEqual(['dx icd10cm', 'dx other', 'px icd10pcs']);
  });
});

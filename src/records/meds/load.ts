/** Loads a MEDS data set: what its codes say, visits, codes, medications, notes, titles, and what became of every event. */
import path from 'node:path';
import { createDrugMapper } from '../../../ontologies/index.js';
import { dataError } from '../../core/errors.js';
import { loadCodes } from '../codes.js';
import type { FileCoverage } from '../coverage.js';
import { appendRows, queryNumber, queryRows } from '../duckdb.js';
import { loadMedications } from '../medications.js';
import { createRawNotes } from '../notes.js';
import { countParquetRows, parquetColumns, parquetSql, unreadable, type ParquetColumns } from '../parquet.js';
import { timed, type Ingest } from '../staging.js';
import { loadTitles } from '../titles.js';
import { countByKind, type KindCounts } from './counts.js';
import { medsFiles, type MedsFiles } from './files.js';
import { createInterpreter, type CodeMeaning, type DescribedCode } from './rules.js';
import * as sql from './sql.js';

/** The usual columns for an event's visit, tried in this order. */
const VISIT_COLUMNS = ['hadm_id', 'visit_id', 'visit_occurrence_id', 'encounter_id'];

export async function loadMeds(ingest: Ingest): Promise<void> {
  const { log, connection } = ingest;
  const files = medsFiles(ingest.config);
  await openEvents(ingest, files);
  await timed(log, 'codes of the events', () => readEvents(files, () => interpretCodes(ingest, files)));
  await timed(log, 'events', () => readEvents(files, () => connection.run(sql.stageEventsSql)));
  await timed(log, 'visits', () => loadVisits(ingest, files));
  await timed(log, 'diagnoses and procedures', async () => {
    await connection.run(sql.placeCodesSql);
    await loadCodes(connection);
  });
  const drugs = await timed(log, 'medications', () => loadDrugs(ingest));
  await timed(log, 'notes', () => loadNotes(ingest, files));
  await loadTitles(connection, sql.titlesSql);
  ingest.coverage.files.push(...await fileCoverage(ingest, files, drugs));
}

/** Damage inside a Parquet file shows when its pages are read. */
async function readEvents<Result>({ data }: MedsFiles, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Error && /parquet|thrift|decompress|zstd|snappy|page|no more data/i.test(cause.message)) throw unreadable(data, cause);
    throw cause;
  }
}

async function openEvents({ connection, config: { meds }, coverage }: Ingest, { dir, data }: MedsFiles): Promise<void> {
  const columns = await parquetColumns(connection, data);
  const missing = [['subject_id', 'patient_id'], ['time'], ['code']].filter((names) => !names.some((name) => columns.has(name))).map(([name]) => name);
  if (missing.length) throw dataError(`${path.join(dir, 'data')}: missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; the files have ${[...columns.keys()].join(', ')}`);
  if (meds.visit_column !== undefined && !columns.has(meds.visit_column.toLowerCase())) {
    throw dataError(`${path.join(dir, 'data')}: no column ${meds.visit_column} (ingest.meds.visit_column); the files have ${[...columns.keys()].join(', ')}`);
  }
  const visit = meds.visit_column?.toLowerCase() ?? VISIT_COLUMNS.find((name) => columns.has(name));
  if (visit === undefined) coverage.notices.push('no column names the visits: they are built from admissions and discharges, and events belong to them by their time');
  await connection.run(sql.eventsSql(data, columns, visit));
}

/** Fills `meanings`: each distinct code is interpreted once, in JavaScript, where regular expressions have groups. */
async function interpretCodes(ingest: Ingest, files: MedsFiles): Promise<void> {
  const { connection, config } = ingest;
  await connection.run(sql.rejectNamelessSql);
  await connection.run(sql.countCodesSql);
  await connection.run(sql.createMeanings);
  const interpret = createInterpreter(config.meds);
  const meanings = (await describedCodes(ingest, files)).flatMap((code) => interpret(code) ?? []);
  await appendRows(connection, 'meanings', (append) => meanings.forEach((meaning) => append(...cells(meaning))));
  const said = new Set(meanings.map(({ kind }) => kind));
  if (!said.has('admission')) throw await nothingSays(ingest, files, 'is an admission');
  if (!said.has('dx')) throw await nothingSays(ingest, files, 'is a diagnosis');
}

const cells = ({ code, kind, system, raw, drug, ndc, rxcui, atc, detail, description }: CodeMeaning) => [code, kind, system, raw, drug, ndc, rxcui, atc, detail, description];

async function describedCodes({ connection, coverage }: Ingest, { codes }: MedsFiles): Promise<DescribedCode[]> {
  if (codes === undefined) coverage.notices.push('metadata/codes.parquet: no such file; the store goes without titles and parents of codes');
  const columns: ParquetColumns = codes === undefined ? new Map() : await parquetColumns(connection, [codes]);
  const has = (name: string): boolean => columns.has(name);
  const described = codes === undefined || !has('code')
    ? 'select null::varchar as code, null::varchar as description, null::varchar as parents where false'
    : `select code::varchar as code, ${has('description') ? 'description::varchar' : 'null::varchar'} as description,
        ${has('parent_codes') ? "array_to_string(parent_codes, chr(10))" : 'null::varchar'} as parents
      from ${parquetSql([codes])} qualify row_number() over (partition by code order by file_row_number) = 1`;
  const rows = await queryRows<{ code: string; description: string | null; parents: string | null }>(connection, `
    select code, description, parents from code_counts left join (${described}) using (code) order by code`);
  return rows.map(({ parents, ...code }) => ({ ...code, parents: parents?.split('\n') ?? [] }));
}

/** Says which codes there are, so that rules can be written for them. */
async function nothingSays({ connection }: Ingest, { dir }: MedsFiles, what: string): Promise<Error> {
  const families = await queryRows<{ family: string; rows: number }>(connection, `
    select regexp_extract(code, '^[^/]*(//?[^/]*)?') as family, sum(rows)::bigint as rows from code_counts group by family order by rows desc, family limit 12`);
  const shown = families.map(({ family, rows }) => `${family} (${rows.toLocaleString('en-US')})`).join(', ') || 'no codes at all';
  return dataError(`${path.join(dir, 'data')}: no code ${what}, by the rules of ingest.meds.codes and the built-in ones; the most frequent are ${shown}; add a rule (docs/meds.md)`);
}

async function loadVisits(ingest: Ingest, files: MedsFiles): Promise<void> {
  const { connection, coverage } = ingest;
  const columns: ParquetColumns = files.splits === undefined ? new Map() : await parquetColumns(connection, [files.splits]);
  await connection.run(sql.splitsSql(files.splits, columns));
  await connection.run(sql.admissionsSql);
  await connection.run(sql.dischargesSql);
  await connection.run(sql.visitsSql);
  const [quirks] = await queryRows<Record<string, number>>(connection, `
    select count(*) filter (discharged_at < admitted_at) as discharge_before_admission, count(*) filter (discharged_at is null) as visits_without_discharge,
      count(*) filter (age is null) as visits_without_age from visits`);
  for (const [name, count] of Object.entries(quirks ?? {})) if (count) coverage.quirks[name] = count;
  const strange = await queryRows<{ given: string }>(connection, 'select distinct given from splits where split is null order by given');
  if (strange.length) coverage.notices.push(`metadata/subject_splits.parquet: unknown splits ${strange.map(({ given }) => given).join(', ')}; their patients have no official split`);
  if (!await queryNumber(connection, 'select count(*) from visits')) throw dataError(`${path.join(files.dir, 'data')}: no usable admission in the data`);
}

async function loadDrugs({ connection, config, coverage }: Ingest): Promise<{ mapped: number; set_aside: Record<string, number> }> {
  const mapper = await createDrugMapper({ tables: config.drug_tables, rxnormDir: config.rxnorm });
  const { mapped, set_aside, drugs } = await loadMedications(connection, mapper);
  if (drugs.named_rows) coverage.drugs = drugs;
  return { mapped, set_aside };
}

async function loadNotes(ingest: Ingest, files: MedsFiles): Promise<void> {
  const { connection } = ingest;
  if (!await queryNumber(connection, "select count(*) from staged where kind = 'note' and has_text")) return;
  await createRawNotes(ingest);
  await readEvents(files, () => connection.run(sql.lastNotesSql));
}

/** One entry a kind of event: data sets come in hundreds of shards. */
async function fileCoverage({ connection }: Ingest, { dir, data }: MedsFiles, drugs: { mapped: number; set_aside: Record<string, number> }): Promise<FileCoverage[]> {
  const counts = await countByKind(connection);
  const entry = (what: string, { records, kept = 0, merged = 0, rejected = 0, ...set_aside }: KindCounts): FileCoverage =>
    ({ file: `${path.join(dir, 'data')}: ${what}`, records, kept, merged, rejected, set_aside });
  const entries = Object.entries(counts).map(([what, kind]) => entry(what, what === 'medications' ? { ...kind, kept: drugs.mapped, ...drugs.set_aside } : kind));
  const accounted = entries.reduce((sum, { records }) => sum + records, 0);
  const records = await countParquetRows(connection, data) - accounted;
  const nameless = await queryNumber(connection, 'select count(*) from rejects where reason in (\'no code\', \'no subject_id\')');
  return [...entries, entry('other codes', { records, rejected: nameless, not_wanted: records - nameless })];
}

/**
 * Notes. Rule: the last discharge summary of each visit, by the time of charting and then the note's number; addenda and notes
 * marked as errors are not summaries. The files are read by our own CSV reader: DuckDB loses or invents rows where the text of a note
 * looks like records, and does not check gzip.
 */
import path from 'node:path';
import { createProgress } from '../core/progress.js';
import { expectColumns, readHeader } from './csv/header.js';
import { expectFewRejects } from './csv/load.js';
import { scanCsv } from './csv/scan.js';
import { appendRow, appendRows, queryRows, sqlString, type DuckDBAppender } from './duckdb.js';
import { countRejects, type Ingest } from './staging.js';
import { visitAtSql } from './visit-of.js';

export interface NotesSpec {
  /** The file's name without ending, lower case. */
  name: string;
  /** Columns that the file must have. */
  columns: readonly string[];
  /** The column with the note itself. */
  text: string;
  /** The column that names the visit. */
  visitId: string;
  /** The column that names the patient, where a note may go without a visit; its time then decides. */
  patientId?: string;
  /** Whether a record is the discharge summary proper of a visit; `value` gives a column's text. */
  isDischargeSummary: (value: (column: string) => string | null) => boolean;
  /** The first of these columns that has a value dates the note. */
  chartedAt: readonly string[];
  /** Breaks ties between notes of the same time: the larger is the later. */
  sequence: string;
  /** Notes outside every visit are faults in a source of admissions; in one of all kinds of visits they are to be expected. */
  strays: 'rejected' | 'set aside';
}

/**
 * Rows in a row group of the database of notes, and in one hand-over to it. DuckDB's usual 122,880 notes are more than a gigabyte,
 * held in memory or written twice (log and table); whole groups of this size go straight to the file.
 */
const ROW_GROUP = 8192;
const PROGRESS_EVERY = 1000;

interface StagedNotes {
  file: string;
  /** Data records of the file. */
  records: number;
  /** Records that are discharge summaries, all in `raw.notes`. */
  summaries: number;
  malformed: [line: number, reason: string][];
}

/** Makes the table `raw.notes`, in a database of its own. */
export async function createRawNotes({ connection, workDir }: Pick<Ingest, 'connection' | 'workDir'>): Promise<void> {
  await connection.run(`attach ${sqlString(path.join(workDir, 'notes.duckdb'))} as raw (row_group_size ${ROW_GROUP})`);
  await connection.run('create table raw.notes (file varchar, line bigint, patient_id varchar, visit_id varchar, charted_at varchar, sequence varchar, text varchar)');
}

/** Reads the files of a notes table into `notes` and reports what became of their records. */
export async function loadNotes(ingest: Ingest, spec: NotesSpec, files: readonly string[]): Promise<void> {
  const { connection, coverage, config } = ingest;
  await createRawNotes(ingest);
  const staged: StagedNotes[] = [];
  for (const file of files) {
    const one = await stageSummaries(ingest, spec, file);
    expectFewRejects(file, { records: one.records, rejected: one.malformed.length, firstLine: one.malformed[0]?.[0] ?? 0 }, config.max_reject_share);
    await appendRows(connection, 'rejects', (append) => one.malformed.forEach((reject) => append(file, ...reject)));
    staged.push(one);
  }
  const fates = await keepLastNotes(ingest, spec);
  for (const { file, records, summaries, malformed } of staged) {
    const { kept = 0, superseded = 0, outside_visits = 0 } = fates.find((fate) => fate.file === file) ?? {};
    coverage.files.push({
      file, records, kept, merged: 0, rejected: await countRejects(connection, file),
      set_aside: { superseded, not_a_discharge_summary: records - summaries - malformed.length, ...(outside_visits && { outside_visits }) },
    });
  }
  if (staged.every(({ records }) => records === 0)) coverage.notices.push(`${spec.name}: the file has a header and no notes`);
}

/** Copies the discharge summaries of one file into `raw.notes`. */
async function stageSummaries(ingest: Ingest, spec: NotesSpec, file: string): Promise<StagedNotes> {
  const { connection, log } = ingest;
  const progress = createProgress({ label: 'notes', unit: 'records', log });
  await connection.run('begin');
  const appender = await connection.createAppender('notes', 'main', 'raw');
  const staged = await appendSummaries({ ingest, spec, file, appender, onProgress: (records) => progress.update(records) });
  appender.closeSync();
  await connection.run('commit');
  progress.update(staged.records);
  progress.finish(`${staged.summaries} discharge summaries`);
  return staged;
}

interface AppendRequest {
  ingest: Ingest;
  spec: NotesSpec;
  file: string;
  appender: DuckDBAppender;
  onProgress: (records: number) => void;
}

async function appendSummaries({ ingest: { signal }, spec, file, appender, onProgress }: AppendRequest): Promise<StagedNotes> {
  const header = await readHeader(file);
  expectColumns(file, header, spec.columns);
  const staged: StagedNotes = { file, records: -1, summaries: 0, malformed: [] }; // the first record is the header
  await scanCsv(file, (record) => {
    if (++staged.records === 0) return;
    if (staged.records % PROGRESS_EVERY === 0) {
      signal.throwIfAborted();
      onProgress(staged.records);
    }
    const value = (column: string): string | null => record.text(header.indexOf(column));
    const hasWidth = record.width === header.length;
    if (hasWidth && !spec.isDischargeSummary(value)) return;
    const fault = hasWidth ? value(spec.text) === null && 'no text' : record.width < header.length ? 'too few columns' : 'too many columns';
    if (fault) {
      staged.malformed.push([record.line, fault]);
      return;
    }
    const chartedAt = spec.chartedAt.map(value).find((time) => time !== null) ?? null;
    appendRow(appender, [file, record.line, spec.patientId ? value(spec.patientId) : null, value(spec.visitId), chartedAt, value(spec.sequence), value(spec.text)]);
    if (++staged.summaries % ROW_GROUP === 0) appender.flushSync();
  });
  return staged;
}

interface NoteFates {
  file: string;
  kept: number;
  superseded: number;
  outside_visits: number;
}

/** `raw.notes` → `notes`, the last one of each visit; what cannot be used goes to `rejects`. @returns what became of the notes of each file, rejects aside */
export async function keepLastNotes({ connection }: Pick<Ingest, 'connection'>, { strays }: Pick<NotesSpec, 'strays'>): Promise<NoteFates[]> {
  await connection.run(checkNotesSql);
  await connection.run(`insert into rejects select file, line, fault from checked_notes where fault is not null ${strays === 'rejected' ? '' : 'and not is_stray'} order by file, line`);
  await connection.run(keepLastSql);
  const fates = await queryRows<NoteFates>(connection, `
    select file, count(l.visit_id) as kept, count(*) filter (fault is null) - count(l.visit_id) as superseded, count(*) filter (is_stray) as outside_visits
    from checked_notes c left join last_notes l using (file, line) group by file order by file`);
  return fates.map((fate) => (strays === 'rejected' ? { ...fate, outside_visits: 0 } : fate));
}

// A nullable column of numbers, written by pandas, reads 123.0.
const id = (column: string): string => `regexp_replace(trim(${column}), '[.]0+$', '')`;

const checkNotesSql = `
  create table note_events as
  select file, line, ${id('patient_id')} as patient_id, ${id('visit_id')} as visit_id, try_cast(charted_at as timestamp) as event_at, try_cast(sequence as bigint) as sequence,
    charted_at is not null and try_cast(charted_at as timestamp) is null as is_undated
  from raw.notes;
  create table note_places as ${visitAtSql('note_events')};
  create table checked_notes as
  select e.file, e.line, v.visit_id, e.event_at as charted_at, e.sequence, v.visit_id is null as is_stray,
    case when v.visit_id is null and e.visit_id is null then 'no visit id' when v.visit_id is null then 'no such visit'
      when e.is_undated then 'time of the note is not TIMESTAMP' end as fault
  from note_events e
    left join note_places p on p.patient_id = e.patient_id and p.event_at = e.event_at
    left join visits v on v.visit_id = coalesce(e.visit_id, p.visit_id);
  create view usable_notes as select * from checked_notes where fault is null`;

// The winners are chosen from the narrow columns alone, so that no text is sorted or held.
const keepLastSql = `
  create table last_notes as
  select file, line, visit_id, charted_at from usable_notes
  qualify row_number() over (partition by visit_id order by charted_at desc nulls last, sequence desc nulls last, file desc, line desc) = 1;
  drop table notes;
  create view notes as
  select l.visit_id, 'discharge' as kind, l.charted_at, n.text from raw.notes n join last_notes l on l.file = n.file and l.line = n.line`;

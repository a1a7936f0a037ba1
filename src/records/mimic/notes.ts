/**
 * Notes. Rule: the last discharge summary of each admission, by the time of charting and then the note's number; addenda and notes
 * marked as errors are not summaries. The file is read by our own CSV reader: DuckDB loses or invents rows where the text of a note
 * looks like records, and does not check gzip.
 */
import path from 'node:path';
import { createProgress } from '../../core/progress.js';
import { expectColumns, readHeader } from '../csv/header.js';
import { expectFewRejects } from '../csv/load.js';
import { scanCsv } from '../csv/scan.js';
import { appendRow, appendRows, queryNumber, sqlString } from '../duckdb.js';
import { countRejects, type Ingest } from '../staging.js';
import type { NotesSpec } from './edition.js';

/**
 * Rows in a row group of the database of notes, and in one hand-over to it. DuckDB's usual 122,880 notes are more than a gigabyte,
 * held in memory or written twice (log and table); whole groups of this size go straight to the file.
 */
const ROW_GROUP = 8192;
const PROGRESS_EVERY = 1000;

interface StagedNotes {
  /** Data records of the file. */
  records: number;
  /** Records that are discharge summaries, all in `raw.notes`. */
  summaries: number;
  malformed: [line: number, reason: string][];
}

/** Reads the notes file into `notes` and reports what became of its records. */
export async function loadNotes(ingest: Ingest, spec: NotesSpec, file: string): Promise<void> {
  const { connection, coverage, config, workDir } = ingest;
  await connection.run(`attach ${sqlString(path.join(workDir, 'notes.duckdb'))} as raw (row_group_size ${ROW_GROUP})`);
  await connection.run('create table raw.notes (line bigint, hadm_id varchar, charted_at varchar, sequence varchar, text varchar)');
  const { records, summaries, malformed } = await stageSummaries(ingest, spec, file);
  expectFewRejects(file, { records, rejected: malformed.length, firstLine: malformed[0]?.[0] ?? 0 }, config.max_reject_share);
  await appendRows(connection, 'rejects', (append) => malformed.forEach((reject) => append(file, ...reject)));
  await connection.run(checkNotesSql(file));
  await connection.run(keepLastSql);
  const kept = await queryNumber(connection, 'select count(*) from notes');
  const usable = await queryNumber(connection, 'select count(*) from usable_notes');
  coverage.files.push({
    file, records, kept, merged: 0, rejected: await countRejects(connection, file),
    set_aside: { superseded: usable - kept, not_a_discharge_summary: records - summaries - malformed.length },
  });
  if (records === 0) coverage.notices.push(`${spec.name}: the file has a header and no notes`);
}

/** Copies the discharge summaries into `raw.notes`. */
async function stageSummaries({ connection, log, signal }: Ingest, spec: NotesSpec, file: string): Promise<StagedNotes> {
  const header = await readHeader(file);
  expectColumns(file, header, spec.columns);
  const staged: StagedNotes = { records: -1, summaries: 0, malformed: [] }; // the first record is the header
  const progress = createProgress({ label: 'notes', unit: 'records', log });
  await connection.run('begin');
  const appender = await connection.createAppender('notes', 'main', 'raw');
  await scanCsv(file, (record) => {
    if (++staged.records === 0) return;
    if (staged.records % PROGRESS_EVERY === 0) {
      signal.throwIfAborted();
      progress.update(staged.records);
    }
    const value = (column: string): string | null => record.text(header.indexOf(column));
    const hasWidth = record.width === header.length;
    if (hasWidth && !spec.isDischargeSummary(value)) return;
    const fault = hasWidth ? value('text') === null && 'no text' : record.width < header.length ? 'too few columns' : 'too many columns';
    if (fault) {
      staged.malformed.push([record.line, fault]);
      return;
    }
    const chartedAt = spec.chartedAt.map(value).find((time) => time !== null) ?? null;
    appendRow(appender, [record.line, value('hadm_id'), chartedAt, value(spec.sequence), value('text')]);
    if (++staged.summaries % ROW_GROUP === 0) appender.flushSync();
  });
  appender.closeSync();
  await connection.run('commit');
  progress.update(staged.records);
  progress.finish(`${staged.summaries} discharge summaries`);
  return staged;
}

const checkNotesSql = (file: string): string => `
  create table checked_notes as
  select line, v.visit_id, try_cast(charted_at as timestamp) as charted_at, try_cast(sequence as bigint) as sequence,
    case when n.hadm_id is null then 'no visit id' when v.visit_id is null then 'no such visit'
      when charted_at is not null and try_cast(charted_at as timestamp) is null then 'time of the note is not TIMESTAMP' end as fault
  from raw.notes n left join visits v on v.visit_id = trim(n.hadm_id);
  create view usable_notes as select * from checked_notes where fault is null;
  insert into rejects select ${sqlString(file)}, line, fault from checked_notes where fault is not null order by line`;

// The winners are chosen from the narrow columns alone, so that no text is sorted or held.
const keepLastSql = `
  create table last_notes as
  select line, visit_id, charted_at from usable_notes
  qualify row_number() over (partition by visit_id order by charted_at desc nulls last, sequence desc nulls last, line desc) = 1;
  drop table notes;
  create view notes as
  select l.visit_id, 'discharge' as kind, l.charted_at, n.text from raw.notes n join last_notes l on l.line = n.line`;

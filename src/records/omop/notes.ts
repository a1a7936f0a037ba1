/** The table `note`: discharge summaries by the concept of their class or type, or by their title. */
import { loadNotes, createRawNotes, keepLastNotes, type NotesSpec } from '../notes.js';
import { queryNumber, queryRows, sqlString } from '../duckdb.js';
import { columnSql, countParquetRows, parquetColumns, parquetSql, type ParquetColumns } from '../parquet.js';
import { countRejects, type Ingest } from '../staging.js';
import type { TableFiles } from './files.js';
import { expectParquetColumns } from './stage.js';
import { noteColumns } from './tables.js';

/** Reads the table into `notes`, and says which kinds of note there are where none is a discharge summary. */
export async function loadOmopNotes(ingest: Ingest, table: TableFiles): Promise<void> {
  const { connection, coverage, config: { omop } } = ingest;
  const called = await queryRows<{ concept_id: number }>(connection, "select concept_id from concepts where regexp_matches(name, '(?i)discharge summary')");
  const concepts = [...new Set([...omop.note_concepts, ...called.map(({ concept_id }) => concept_id)])];
  const title = omop.note_title.toLowerCase();
  if (table.format === 'csv') await loadNotes(ingest, csvSpec(concepts, title), table.files);
  else await loadParquetNotes(ingest, table.files, { concepts, title });
  if (await queryNumber(connection, 'select count(*) from raw.notes')) return;
  coverage.notices.push('note: no note is a discharge summary; ingest.omop.note_concepts and ingest.omop.note_title say which are (note_class_concept_id, note_type_concept_id, note_title, note_source_value)');
}

function csvSpec(concepts: readonly number[], title: string): NotesSpec {
  const ids = new Set(concepts.map(String));
  return {
    name: 'note', columns: noteColumns.required, text: 'note_text', visitId: 'visit_occurrence_id', patientId: 'person_id',
    chartedAt: ['note_datetime', 'note_date'], sequence: 'note_id', strays: 'set aside',
    isDischargeSummary: (value) =>
      ['note_class_concept_id', 'note_type_concept_id'].some((column) => ids.has((value(column) ?? '').trim().replace(/\.0+$/, ''))) ||
      ['note_title', 'note_source_value'].some((column) => (value(column) ?? '').trim().toLowerCase().startsWith(title)),
  };
}

interface Wanted {
  concepts: readonly number[];
  /** Lower case. */
  title: string;
}

async function loadParquetNotes(ingest: Ingest, files: readonly string[], wanted: Wanted): Promise<void> {
  const { connection, coverage } = ingest;
  const columns = await parquetColumns(connection, files);
  expectParquetColumns(files[0]!, columns, noteColumns.required);
  await createRawNotes(ingest);
  await connection.run(stageSql(files, columns, wanted));
  await connection.run(`insert into rejects select file, line, 'no text' from raw.notes where text is null order by file, line; delete from raw.notes where text is null`);
  const fates = await keepLastNotes(ingest, { strays: 'set aside' });
  for (const file of files) {
    const records = await countParquetRows(connection, [file]);
    const { kept = 0, superseded = 0, outside_visits = 0 } = fates.find((fate) => fate.file === file) ?? {};
    const rejected = await countRejects(connection, file);
    coverage.files.push({ file, records, kept, merged: 0, rejected, set_aside: { superseded, not_a_discharge_summary: records - kept - superseded - outside_visits - rejected, ...(outside_visits && { outside_visits }) } });
  }
}

function stageSql(files: readonly string[], columns: ParquetColumns, { concepts, title }: Wanted): string {
  const as = (name: string, type: string): string => columnSql(columns.get(name), type);
  const ofKind = ['note_class_concept_id', 'note_type_concept_id'].map((name) => `${as(name, 'BIGINT')} in (${concepts.length ? concepts.join(', ') : 'null'})`);
  const titled = ['note_title', 'note_source_value'].map((name) => `starts_with(lower(trim(${as(name, 'VARCHAR')})), ${sqlString(title)})`);
  return `
    insert into raw.notes
    select filename, file_row_number + 1, ${as('person_id', 'VARCHAR')}, ${as('visit_occurrence_id', 'VARCHAR')},
      coalesce(${as('note_datetime', 'TIMESTAMP')}, ${as('note_date', 'TIMESTAMP')})::varchar, ${as('note_id', 'VARCHAR')}, nullif(${as('note_text', 'VARCHAR')}, '')
    from ${parquetSql(files)} where ${[...ofKind, ...titled].join(' or ')}`;
}

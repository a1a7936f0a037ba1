/** The SQL of MEDS: events by what their codes say → visits, codes, medications, notes. */
import { columnSql, parquetSql, type ParquetColumns } from '../parquet.js';
import { visitAtSql, withVisitSql } from '../visit-of.js';

/** Ages over this are hidden in public data; such patients get one more. */
const HIGHEST_KNOWN_AGE = 89;

const id = (column: string): string => `regexp_replace(${column}, '[.]0+$', '')`;

/** The view `events`: one row an event, columns that a data set lacks are NULL. @param visit the column that names the visit */
export const eventsSql = (files: readonly string[], columns: ParquetColumns, visit: string | undefined): string => `
  create view events as
  select filename as file, file_row_number + 1 as line, ${id(columnSql(columns.get('subject_id') ?? columns.get('patient_id'), 'VARCHAR'))} as patient_id,
    ${id(columnSql(visit === undefined ? undefined : columns.get(visit), 'VARCHAR'))} as visit_id, ${columnSql(columns.get('time'), 'TIMESTAMP')} as event_at,
    ${columnSql(columns.get('end'), 'TIMESTAMP')} as end_at, ${columnSql(columns.get('seq_num'), 'BIGINT')} as seq, ${columnSql(columns.get('route'), 'VARCHAR')} as route,
    ${columnSql(columns.get('code'), 'VARCHAR')} as code, ${columnSql(columns.get('text_value'), 'VARCHAR')} as text
  from ${parquetSql(files)}`;

export const rejectNamelessSql = `
  insert into rejects select file, line, case when code is null then 'no code' else 'no subject_id' end from events where code is null or patient_id is null order by file, line`;

export const countCodesSql = 'create table code_counts as select code, count(*) as rows from events where code is not null and patient_id is not null group by code';

export const createMeanings = `
  create table meanings (code varchar, kind varchar, system varchar, raw varchar, drug varchar, ndc varchar, rxcui varchar, atc varchar, detail varchar, description varchar)`;

/** Events that say something, without their texts. */
export const stageEventsSql = `
  create table staged as
  select file, line, kind, patient_id, visit_id, event_at, end_at, seq, route, code, detail, kind = 'note' and text is not null as has_text
  from events join meanings using (code) where kind <> 'ignore' and patient_id is not null`;

/** Rule: an admission is a visit, named by its visit column; without one, by its patient and its number among the patient's admissions. */
export const admissionsSql = `
  insert into rejects select file, line, 'admission without time' from staged where kind = 'admission' and event_at is null order by file, line;
  create table admissions as
  select *, lead(admitted_at) over (partition by patient_id order by admitted_at, visit_id) as next_admitted_at
  from (
    select coalesce(visit_id, patient_id || '-' || row_number() over (partition by patient_id, visit_id is null order by event_at)) as visit_id,
      patient_id, event_at as admitted_at, end_at, detail as admission_type
    from (select *, row_number() over (partition by coalesce(visit_id, patient_id || ' ' || event_at::varchar) order by event_at, file, line) as copy
      from staged where kind = 'admission' and event_at is not null)
    where copy = 1)`;

/** Rule: a discharge that names no visit ends the stay that it lies in, up to the patient's next admission. */
export const dischargesSql = `
  create table discharges as
  select a.visit_id, max(d.event_at) as discharged_at, arg_max(d.detail, d.event_at) as discharge_location, count(*) as rows
  from admissions a join staged d on d.visit_id = a.visit_id where d.kind = 'discharge' group by a.visit_id
  union all
  select a.visit_id, min(d.event_at), arg_min(d.detail, d.event_at), count(*)
  from admissions a join staged d on d.patient_id = a.patient_id
  where d.kind = 'discharge' and d.visit_id is null and d.event_at > a.admitted_at and (a.next_admitted_at is null or d.event_at <= a.next_admitted_at)
  group by a.visit_id`;

/** Rule: where a discharge says where to, it also says who died; else those died in hospital whose death falls on a day of the stay. */
export const visitsSql = `
  create table patients as
  select patient_id, min(event_at) filter (kind = 'birth') as born_at, min(event_at) filter (kind = 'death') as died_at, min(upper(left(detail, 1))) filter (kind = 'sex') as sex
  from staged where kind in ('birth', 'death', 'sex') group by patient_id;
  insert into visits
  select visit_id, patient_id, admitted_at, discharged_at,
    case when discharge_location is not null then regexp_matches(discharge_location, '(?i)(died|dead|expired|deceased)')
      else coalesce(died_at::date between admitted_at::date and coalesce(discharged_at, admitted_at)::date, false) end,
    admission_type, discharge_location, case when age > ${HIGHEST_KNOWN_AGE} then ${HIGHEST_KNOWN_AGE + 1} when age >= 0 then age end, sex, split
  from (
    select a.visit_id, a.patient_id, a.admitted_at, coalesce(d.discharged_at, a.end_at) as discharged_at, a.admission_type, d.discharge_location,
      p.died_at, p.sex, date_sub('year', p.born_at, a.admitted_at)::integer as age, s.split
    from admissions a left join discharges d using (visit_id) left join patients p using (patient_id) left join splits s using (patient_id))`;

/** Official splits by patient, in the project's words. */
export const splitsSql = (file: string | undefined, columns: ParquetColumns): string => `
  create table splits (patient_id varchar, given varchar, split varchar);
  ${file === undefined ? '' : `insert into splits
  select ${columnSql(columns.get('subject_id') ?? columns.get('patient_id'), 'VARCHAR')}, given,
    case lower(given) when 'train' then 'train' when 'tuning' then 'dev' when 'dev' then 'dev' when 'validation' then 'dev' when 'held_out' then 'test' when 'test' then 'test' end
  from (select *, ${columnSql(columns.get('split'), 'VARCHAR')} as given from ${parquetSql([file])})
  qualify row_number() over (partition by subject_id order by file_row_number) = 1`}`;

/** Diagnoses, procedures and drugs with the visit they belong to; NULL outside every visit. */
export const placeCodesSql = `
  create view code_events as select * from staged where kind in ('dx', 'px', 'rx');
  create table code_places as ${visitAtSql('code_events')};
  create table placed as ${withVisitSql('code_events', 'code_places')};
  insert into raw_codes
  select file, line, visit_id, p.kind, system, raw, seq from placed p join meanings using (code) where p.kind in ('dx', 'px') and visit_id is not null;
  create view raw_drugs as
  select file, line, visit_id, drug, description as label, ndc, rxcui, atc, route, event_at as start_at
  from placed p join meanings using (code) where p.kind = 'rx' and visit_id is not null`;

/** Rule: the last note of each visit; its text is read from the data set once the winners are known. */
export const lastNotesSql = `
  create view note_events as select * from staged where kind = 'note' and has_text;
  create table note_places as ${visitAtSql('note_events')};
  create table placed_notes as ${withVisitSql('note_events', 'note_places')};
  create table last_notes as
  select file, line, visit_id, event_at from placed_notes where visit_id is not null
  qualify row_number() over (partition by visit_id order by event_at desc nulls last, seq desc nulls last, file desc, line desc) = 1;
  insert into raw.notes
  select file, line, null, l.visit_id, l.event_at::varchar, null, text
  from (select file, line, text from events semi join (select code from meanings where kind = 'note') using (code)) e join last_notes l using (file, line);
  drop table notes;
  create view notes as select visit_id, 'discharge' as kind, charted_at::timestamp as charted_at, text from raw.notes`;

export const titlesSql = "select system, raw, description as title from meanings where kind in ('dx', 'px') and raw is not null and description is not null order by code";

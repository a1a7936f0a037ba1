/** Writes an OMOP CDM from the tables of MIMIC-IV, with a vocabulary of made-up concept numbers for its codes. */
import fs from 'node:fs';
import path from 'node:path';
import { sqlString, withDuckDB, type DuckDBConnection } from '../../../src/records/store.js';

export interface OmopOptions {
  format: 'csv' | 'csv.gz' | 'parquet' | 'parts';
  /** Column names and table names in upper case. */
  upperCase?: boolean;
  /** Athena's tab-separated files, a comma-separated export, or none. */
  vocabulary?: 'athena' | 'csv' | 'none';
  /** Leave out source concepts and source values, as a site that keeps standard concepts only. */
  standardOnly?: boolean;
}

const csv = (raw: string, table: string): string => `read_csv(${sqlString(path.join(raw, `${table}.csv*`))}, header = true, all_varchar = true, nullstr = '', quote = '"', escape = '"', parallel = false)`;

/** Source concepts from 1,000,000 on; each maps to a standard concept 500,000 higher; Z codes are observations. */
const makeConcepts = (raw: string): string => `
  create table icd as
  select 1000000 + row_number() over (order by icd_version, kind, icd_code) as concept_id, icd_code, icd_version, kind,
    case when kind = 'dx' then 'ICD' || icd_version || 'CM' when icd_version = '9' then 'ICD9Proc' else 'ICD10PCS' end as vocabulary_id
  from (select distinct icd_code, icd_version, 'dx' as kind from ${csv(raw, 'hosp/diagnoses_icd')} union select distinct icd_code, icd_version, 'px' from ${csv(raw, 'hosp/procedures_icd')});
  create table titled as
  select icd_code, icd_version, 'dx' as kind, long_title from ${csv(raw, 'hosp/d_icd_diagnoses')} union all select icd_code, icd_version, 'px', long_title from ${csv(raw, 'hosp/d_icd_procedures')};
  create table vocab as
  select concept_id, coalesce(long_title, 'a "quoted" title') as concept_name, vocabulary_id, icd_code as concept_code from icd left join titled using (icd_code, icd_version, kind)
  union all select concept_id + 500000, 'finding of ' || icd_code, 'SNOMED', '9' || concept_id from icd
  union all values (9201, 'Inpatient Visit', 'Visit', 'IP'), (7000, 'Discharge summary', 'LOINC', '18842-5')`;

const codeRows = (raw: string, table: string): string => `
  select row_number() over () as n, c.subject_id, c.hadm_id, c.seq_num, c.icd_code, i.concept_id, i.kind, a.dischtime
  from ${csv(raw, `hosp/${table}`)} c join ${csv(raw, 'hosp/admissions')} a using (hadm_id)
    join icd i on i.icd_code = c.icd_code and i.icd_version = c.icd_version and i.kind = '${table === 'diagnoses_icd' ? 'dx' : 'px'}'`;

const event = (name: string, time: string, blank: boolean): string => `
  n as ${name}_id, subject_id as person_id, concept_id + 500000 as ${name.split('_')[0]}_concept_id, dischtime::date as ${time}_date, dischtime::timestamp as ${time}_datetime,
  hadm_id as visit_occurrence_id, ${blank ? 'null' : 'icd_code'} as ${name.split('_')[0]}_source_value, ${blank ? '0' : 'concept_id'} as ${name.split('_')[0]}_source_concept_id`;

const tablesOf = (raw: string, { standardOnly = false }: OmopOptions): Record<string, string> => ({
  person: `select subject_id as person_id, case gender when 'F' then 8532 else 8507 end as gender_concept_id, anchor_year::integer - anchor_age::integer as year_of_birth,
    null as month_of_birth, null as day_of_birth, null as birth_datetime from ${csv(raw, 'hosp/patients')}`,
  visit_occurrence: `select hadm_id as visit_occurrence_id, subject_id as person_id, 9201 as visit_concept_id, admittime::date as visit_start_date, admittime as visit_start_datetime,
    dischtime::date as visit_end_date, dischtime as visit_end_datetime, admission_type as visit_source_value, discharge_location as discharged_to_source_value from ${csv(raw, 'hosp/admissions')}
    union all select '999999999', min(subject_id), 9202, '2100-01-01', null, '2100-01-01', null, 'CLINIC', null from ${csv(raw, 'hosp/admissions')}`,
  condition_occurrence: `select ${event('condition_occurrence', 'condition_start', standardOnly)}, case seq_num when '1' then 32902 else 0 end as condition_status_concept_id
    from (${codeRows(raw, 'diagnoses_icd')}) where not starts_with(icd_code, 'Z') order by hadm_id, seq_num::integer`,
  observation: `select ${event('observation', 'observation', standardOnly)} from (${codeRows(raw, 'diagnoses_icd')}) where starts_with(icd_code, 'Z') order by hadm_id, seq_num::integer`,
  procedure_occurrence: `select ${event('procedure_occurrence', 'procedure', standardOnly)} from (${codeRows(raw, 'procedures_icd')}) order by hadm_id, seq_num::integer`,
  drug_exposure: `select row_number() over () as drug_exposure_id, subject_id as person_id, 0 as drug_concept_id, starttime::date as drug_exposure_start_date, starttime as drug_exposure_start_datetime,
    hadm_id as visit_occurrence_id, drug as drug_source_value, 0 as drug_source_concept_id, route as route_source_value from ${csv(raw, 'hosp/prescriptions')}`,
  death: `select subject_id as person_id, min(deathtime)::date as death_date, min(deathtime) as death_datetime from ${csv(raw, 'hosp/admissions')} where deathtime is not null group by subject_id`,
  note: `select note_seq || subject_id as note_id, subject_id as person_id, charttime::date as note_date, charttime as note_datetime, case note_type when 'DS' then 7000 else 0 end as note_class_concept_id,
    text as note_text, hadm_id as visit_occurrence_id from ${csv(raw, 'note/discharge')}`,
});

const vocabularyTables: Record<string, string> = {
  concept: "select concept_id, concept_name, 'Condition' as domain_id, vocabulary_id, 'x' as concept_class_id, 'S' as standard_concept, concept_code from vocab",
  concept_relationship: "select concept_id as concept_id_1, concept_id + 500000 as concept_id_2, 'Maps to' as relationship_id from icd",
};

/** @returns `dir` */
export async function writeOmop(raw: string, dir: string, options: OmopOptions): Promise<string> {
  const { format, upperCase = false, vocabulary = 'athena' } = options;
  fs.mkdirSync(dir, { recursive: true });
  const cased = (name: string): string => (upperCase ? name.toUpperCase() : name);
  await withDuckDB({}, async (connection) => {
    for (const statement of makeConcepts(raw).split(';')) await connection.run(statement);
    for (const [name, select] of Object.entries(tablesOf(raw, options))) {
      await connection.run(`create table t_${name} as ${select}`);
      if (upperCase) await renameColumns(connection, `t_${name}`);
      await copy(connection, `t_${name}`, path.join(dir, cased(name)), format);
    }
    if (vocabulary === 'none') return;
    const dialect = vocabulary === 'athena' ? "format csv, delimiter '\\t', quote '', escape '', header" : 'format csv, header';
    for (const [name, select] of Object.entries(vocabularyTables)) await connection.run(`copy (${select}) to ${sqlString(path.join(dir, `${name.toUpperCase()}.csv`))} (${dialect})`);
  });
  return dir;
}

async function renameColumns(connection: DuckDBConnection, table: string): Promise<void> {
  const names = (await connection.runAndReadAll(`select * from ${table} limit 0`)).columnNames();
  for (const name of names) await connection.run(`alter table ${table} rename column "${name}" to "${name}_"`);
  for (const name of names) await connection.run(`alter table ${table} rename column "${name}_" to "${name.toUpperCase()}"`);
}

async function copy(connection: DuckDBConnection, table: string, base: string, format: OmopOptions['format']): Promise<void> {
  if (format !== 'parts') {
    await connection.run(`copy ${table} to ${sqlString(`${base}.${format}`)} (${format === 'parquet' ? 'format parquet' : 'format csv, header'})`);
    return;
  }
  fs.mkdirSync(base);
  const half = Number((await connection.runAndReadAll(`select count(*) // 2 from ${table}`)).getRows()[0]![0]);
  for (const [part, where] of [`rowid < ${half}`, `rowid >= ${half}`].entries()) {
    await connection.run(`copy (select * from ${table} where ${where} order by rowid) to ${sqlString(path.join(base, `part-${part}.csv`))} (format csv, header)`);
  }
}
